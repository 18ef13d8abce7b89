#!/bin/sh
# An application that works while it leads: asks before each piece of work, sends the token along, and ends when it is told.
sidecar=${SIDECAR:-http://localhost:7180}
ending=
trap 'ending=1' TERM INT

while [ -z "$ending" ]; do
    if headers=$(curl -fs -m 2 -o /dev/null -D - "$sidecar/isLeader"); then
        token=$(printf '%s' "$headers" | tr -d '\r' | grep -i '^holdfast-token:' | cut -d' ' -f2)
        echo "one piece of work with token $token"
    fi
    sleep 1
done

# As a plain container the sidecar waits for this; as a native one it does no harm.
curl -fs -m 2 -o /dev/null -X POST "$sidecar/resign"
echo "ended"
