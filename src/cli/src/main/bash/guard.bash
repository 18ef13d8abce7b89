#!/usr/bin/env bash
# The guard of `holdfast lock` and `holdfast elect`: starts the command and stops it in time when the lease cannot be
# kept. The keeper, a JVM in a session of its own, holds the session and the grant, and stops the command likewise when
# this process does not. src/cli/README.md says what the two tell each other.
#
#   guard.bash KEEPER... -- COMMAND [ARG...]     KEEPER... starts the keeper
#
# Once the command runs, nothing here starts another process before it has ended: a machine that has no free processes
# or memory left can still kill. The clock is /proc/uptime in hundredths of a second: all processes share it, and it
# counts suspended time.
set -u
shopt -s nullglob

QUIET="" ERR=2
say() { [ -n "$QUIET" ] || warn "$@"; }
warn() { printf 'holdfast: %s\n' "$*" >&"$ERR"; }
fail() {
    warn "$2"
    exit "$1"
}

if ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] < 404)); then
    fail 125 "the guard needs bash 4.4 or later, this is $BASH_VERSION; --no-guard goes without it, see lock --help"
fi
{ read -r _ </proc/uptime; } 2>/dev/null ||
    fail 125 "there is no /proc/uptime, which the guard needs; --no-guard goes without it, see lock --help"

# Each process below this one has the mark in the environment that it was started with, also one that is not the command
# yet: so this process is started anew with it.
if [ -z "${HOLDFAST_GUARD_MARK:-}" ]; then
    { read -r mark </proc/sys/kernel/random/uuid; } 2>/dev/null || mark=$$-$RANDOM$RANDOM$RANDOM
    export HOLDFAST_GUARD_MARK=$mark HOLDFAST_GUARDS_OUTSIDE=${HOLDFAST_GUARDS:-}
    export HOLDFAST_GUARDS=${HOLDFAST_GUARDS:+$HOLDFAST_GUARDS:}$mark
    exec "$BASH" "${BASH_SOURCE[0]}" "$@"
fi
MARK=$HOLDFAST_GUARD_MARK
OUTSIDE=${HOLDFAST_GUARDS_OUTSIDE:-}
unset HOLDFAST_GUARD_MARK HOLDFAST_GUARDS_OUTSIDE

KEEP=()
while [ $# -gt 0 ] && [ "$1" != -- ]; do
    KEEP+=("$1")
    shift
done
[ $# -gt 1 ] || fail 125 "a command is missing; write it after --, as in: holdfast lock NAME -- COMMAND"
shift
COMMAND=("$@")

STATE=waiting # then running, stopping, leftover, releasing; an election goes back to waiting
IN="" OUT="" IDLE="" KEEPER="" WAITER="" CHILD="" DIR=""
GRANT="" TOKEN="" SESSION="" LOCKS=""
SIGNAL=TERM GRACE=500 FOREGROUND="" CREDENTIALS="" STATUS_FILE="" REPEAT=""
END=0 CONFIRMED=0 KILL_AT=0 BOUND=0 NOW=0 FOUND=0
CANCELLED="" QUIT="" STOPPED_FOR="" REASON="" CODE=0 PARTIAL="" KEEPER_GONE="" PENDING=()
# How long before the end of the lease the command is killed, in hundredths.
EARLY=15
# How long the keeper has for a release, in hundredths.
RELEASE=700
declare -A NUMBERS=([HUP]=1 [INT]=2 [QUIT]=3 [TERM]=15)

clock() {
    local up
    read -r up _ </proc/uptime
    NOW=$((10#${up/./}))
}

# Whether a process still runs as the child of another one: a number that was given to a new process is not it.
alive() {
    local stat=""
    { read -r stat </proc/"$1"/stat; } 2>/dev/null
    stat=${stat##*) }
    [[ $stat == [!ZX]\ "$2 "* ]]
}

tell_keeper() { printf '%s\n' "$*" >&"$OUT"; }

# Sends a signal to each process that was started below this guard, and counts them in FOUND; 0 counts only.
sweep() {
    local process variables
    FOUND=0
    for process in /proc/[0-9]*; do
        process=${process#/proc/}
        [[ $process != "$$" && $process != "$KEEPER" && $process != "$WAITER" ]] || continue
        variables=()
        { mapfile -d '' -t variables </proc/"$process"/environ; } 2>/dev/null
        [[ ${#variables[@]} -gt 0 ]] || continue
        if [[ "${variables[*]}" == *"$MARK"* || (-n $GRANT && "${variables[*]}" == *"HOLDFAST_GRANT=$GRANT"*) ]]; then
            ((++FOUND))
            kill -s "$1" "$process" 2>/dev/null
        fi
    done
}

# Signals the command: its whole group where it has one of its own.
signal_command() {
    if [ -z "$CHILD" ]; then
        PENDING+=("$1")
        return
    fi
    if [ -n "$FOREGROUND" ]; then
        kill -s "$1" "$CHILD" 2>/dev/null
        return
    fi
    local i
    for ((i = 0; i < 100; i++)); do
        kill -s "$1" -- "-$CHILD" 2>/dev/null && return
        alive "$CHILD" "$WAITER" || return
        # It is about to make its group.
        read -r -t 0.01 -u "$IDLE"
    done
}

kill_all() {
    local i none=0
    if [ -z "$CHILD" ]; then
        # Not started yet, as far as is known: then it is not started any more.
        [ -z "$WAITER" ] || kill -s KILL "$WAITER" 2>/dev/null
    else
        [ -n "$FOREGROUND" ] || kill -s KILL -- "-$CHILD" 2>/dev/null
        ! alive "$CHILD" "$WAITER" || kill -s KILL "$CHILD" 2>/dev/null
    fi
    # What was forked while it was looked for is found the next time.
    for ((i = 0; i < 50 && none < 2; i++)); do
        sweep KILL
        ((FOUND > 0)) && none=0 || ((++none))
    done
}

# A signal for the guard: before there is a command it leaves the queue, then the command gets it.
forwarded() {
    [[ $1 == USR? ]] || QUIT=1
    case $STATE in
        waiting)
            [[ -z $CANCELLED && $1 != USR? ]] || return
            CANCELLED=$1
            tell_keeper cancel
            clock
            BOUND=$((NOW + RELEASE))
            ;;
        running | stopping)
            # With a terminal, the kernel sent these to the command too.
            [[ -n $FOREGROUND && $1 =~ ^(INT|QUIT)$ ]] || signal_command "$1"
            ;;
    esac
}

# Ends the guard: its code, and what happened as one word.
finish() {
    trap '' TERM INT HUP QUIT USR1 USR2
    if [ -n "$STATUS_FILE" ]; then
        local ended=null
        case $2 in exited | lease-lost) ended=$CODE ;; esac
        { printf '{"outcome":"%s","exit":%d,"command":%s,"locks":"%s","grant":"%s","token":%s}\n' \
            "$2" "$1" "$ended" "$LOCKS" "$GRANT" "${TOKEN:-null}" >"$STATUS_FILE"; } 2>/dev/null ||
            warn "cannot write the status file $STATUS_FILE"
    fi
    exit "$1"
}

finish_cancelled() { finish $((128 + NUMBERS[$CANCELLED])) cancelled; }

clean_up() { [ -z "$DIR" ] || rm -rf "$DIR"; }

# Becomes the command: in a process that is not the guard.
become_command() {
    trap - TERM INT HUP QUIT USR1 USR2
    # Both hear of it: the guard may be stopped, and the keeper too.
    printf 'started %d\n' "$BASHPID" >&"$IN"
    printf 'started %d\n' "$BASHPID" >&"$OUT"
    export HOLDFAST_TOKEN=$TOKEN HOLDFAST_LOCK=$LOCKS HOLDFAST_GRANT=$GRANT HOLDFAST_SESSION=$SESSION
    export HOLDFAST_LEASE_FILE=$DIR/lease
    if [ -z "$CREDENTIALS" ]; then
        unset HOLDFAST_AUTH_FILE HOLDFAST_CERT_FILE HOLDFAST_KEY_FILE
    fi
    exec {IN}>&- {OUT}>&- {IDLE}>&- 2>&"$ERR" {ERR}>&-
    [ -n "$FOREGROUND" ] || exec setsid -- "${COMMAND[@]}"
    exec -- "${COMMAND[@]}"
}

start_command() {
    CHILD="" CODE=0 STOPPED_FOR="" REASON="" PENDING=()
    clock
    if [ -n "$CANCELLED" ] || ((NOW >= END - GRACE)); then
        # It is to leave, or was stopped itself since the keeper wrote.
        STOPPED_FOR="the lease was nearly over before the command was started"
        release
        return
    fi
    # The waiter is the command's parent and only waits: bash does not hear of a child's end while it reads.
    (
        trap '' TERM INT HUP QUIT USR1 USR2
        (become_command) <&0 &
        # The keeper hears of the guard's end by the end of this pipe.
        exec {OUT}>&-
        wait $!
        printf 'exit %d\n' $? >&"$IN"
    ) <&0 &
    WAITER=$!
    STATE=running
}

# The lease cannot be kept: a signal now, and KILL when the time is over. What is confirmed later changes nothing.
stop_command() {
    STATE=stopping
    STOPPED_FOR=$1
    KILL_AT=$((END - EARLY < NOW + GRACE ? END - EARLY : NOW + GRACE))
    local left=$((KILL_AT > NOW ? KILL_AT - NOW : 0))
    warn "$1: $SIGNAL now, KILL in $((left / 100)).$((left % 100 / 10)) s"
    signal_command "$SIGNAL"
    signal_command CONT
}

# The command has ended: what it left running ends too, before the lock is released.
command_ended() {
    wait "$WAITER"
    CHILD="" WAITER=""
    sweep 0
    ((FOUND > 0)) || sweep 0
    if ((FOUND == 0)); then
        release
        return
    fi
    clock
    [ "$STATE" = stopping ] || KILL_AT=$((END - EARLY < NOW + GRACE ? END - EARLY : NOW + GRACE))
    say "the command left $FOUND processes running, which end before the lock is released: $SIGNAL now," \
        "KILL in $((KILL_AT > NOW ? (KILL_AT - NOW) / 100 : 0)) s"
    STATE=leftover
    sweep "$SIGNAL"
    sweep CONT
}

release() {
    STATE=releasing
    clock
    # A lease that is over needs no release.
    BOUND=$((NOW + (NOW >= END - EARLY ? 100 : RELEASE)))
    if [ -z "$KEEPER_GONE" ]; then
        tell_keeper "ended $CODE"
    else
        unconfirmed
    fi
}

# There is no keeper that could release the lock.
unconfirmed() {
    ((NOW >= END)) || say "the release was not confirmed; the lock becomes free at the end of its ttl"
    released
}

# The keeper holds nothing any more.
released() {
    BOUND=0
    if [ -n "$CANCELLED" ]; then
        finish_cancelled
    elif [[ -n $REPEAT && -z $QUIT && -z $KEEPER_GONE ]]; then
        STATE=waiting
        LOCKS=""
    elif [ -n "$STOPPED_FOR" ]; then
        finish 121 lease-lost
    else
        finish "$CODE" exited
    fi
}

# A line of the keeper, of the command before it is the command, or of the waiter.
told() {
    local word=${1%% *} rest=${1#* }
    case $word in
        signal) SIGNAL=$rest ;;
        grace) GRACE=$rest ;;
        foreground) FOREGROUND=1 ;;
        credentials) CREDENTIALS=1 ;;
        status-file) STATUS_FILE=$rest ;;
        repeat) REPEAT=1 ;;
        quiet) QUIET=1 ;;
        lock) LOCKS+=${LOCKS:+ }$rest ;;
        deadline)
            local end=${rest% *}
            CONFIRMED=${rest#* }
            if [[ $STATE != stopping && $STATE != leftover ]]; then
                END=$end
            elif ((end < END)); then
                END=$end
                ((KILL_AT < END - EARLY)) || KILL_AT=$((END - EARLY))
            fi
            ;;
        granted)
            GRANT=${rest%% *} TOKEN=${rest#* } SESSION=${rest##* }
            TOKEN=${TOKEN% *}
            [ "$STATE" != waiting ] || start_command
            ;;
        started)
            CHILD=$rest
            local signal
            for signal in ${PENDING[@]+"${PENDING[@]}"}; do signal_command "$signal"; done
            PENDING=()
            ;;
        exit)
            CODE=$rest
            command_ended
            ;;
        reason) REASON=$rest ;;
        lost)
            clock
            lost "$rest"
            ;;
        released) [ "$STATE" != releasing ] || released ;;
        over)
            KEEPER_GONE=1
            case $STATE in
                waiting)
                    [ -z "$CANCELLED" ] || finish_cancelled
                    finish "${rest% *}" "${rest#* }"
                    ;;
                releasing) released ;;
            esac
            ;;
        *) printf '%s\n' "$1" >&"$ERR" ;;
    esac
}

# The lease is over before its time.
lost() {
    case $STATE in
        running)
            warn "$1: KILL"
            STATE=stopping
            STOPPED_FOR=$1
            ;;
        leftover | releasing)
            # The keeper killed the command, whose end was heard of first.
            if ((CODE == 137)) && [ -z "$STOPPED_FOR" ]; then
                warn "$1: KILL"
                STOPPED_FOR=$1
            fi
            ;;
    esac
    END=$NOW KILL_AT=$NOW
}

# What the clock asks for.
act() {
    clock
    local why=${REASON:-lost contact $(((NOW - CONFIRMED) / 100)) s ago}
    case $STATE in
        running)
            if ((NOW >= END - EARLY)); then
                lost "$why"
                kill_all
            elif ((NOW >= END - GRACE)); then
                stop_command "$why"
            fi
            ;;
        stopping) ((NOW < KILL_AT)) || kill_all ;;
        leftover)
            if ((NOW >= KILL_AT)); then kill_all; else sweep 0; fi
            ((FOUND > 0)) || release
            ;;
    esac
    if [[ $STATE == running || $STATE == stopping ]] && ! alive "$WAITER" $$ && ! read -r -t 0 -u "$IN"; then
        # Killed from outside, so that the command's end will not be told.
        STOPPED_FOR="the process that waited for the command is gone"
        CODE=137
        kill_all
        ((FOUND > 0)) || command_ended
    fi
    if [ -z "$KEEPER_GONE" ] && ! alive "$KEEPER" $$ && ! read -r -t 0 -u "$IN"; then
        KEEPER_GONE=1
        keeper_gone
    elif ((BOUND > 0 && NOW >= BOUND)); then
        BOUND=0
        kill -s KILL "$KEEPER" 2>/dev/null
    fi
}

# The keeper has ended: nothing renews the lease any more, and nothing releases it.
keeper_gone() {
    wait "$KEEPER"
    local code=$?
    KEEPER=""
    case $STATE in
        releasing) unconfirmed ;;
        waiting)
            [ -z "$CANCELLED" ] || finish_cancelled
            # These the keeper has explained.
            case $code in 64 | 125) ;; *) warn "the keeper ended with $code" ;; esac
            finish 125 failed
            ;;
        *)
            local left=$((END - GRACE > NOW ? (END - GRACE - NOW) / 100 : 0))
            say "the process that renews the lease is gone; the command has $left s left to end by itself"
            ;;
    esac
}

trap : PIPE
for signal in TERM INT HUP QUIT USR1 USR2; do
    # shellcheck disable=SC2064
    trap "forwarded $signal" "$signal"
done

case ${COMMAND[0]} in
    */*)
        [ -e "${COMMAND[0]}" ] || fail 127 "there is no command ${COMMAND[0]}"
        [[ -x ${COMMAND[0]} && ! -d ${COMMAND[0]} ]] || fail 126 "${COMMAND[0]} cannot be executed"
        ;;
    *) type -P -- "${COMMAND[0]}" >/dev/null || fail 127 "there is no command ${COMMAND[0]} in PATH" ;;
esac
type -P setsid >/dev/null || fail 125 "there is no setsid, which the guard needs; install util-linux"

trap clean_up EXIT
DIR=$(mktemp -d "${TMPDIR:-/tmp}/holdfast.XXXXXXXX" 2>/dev/null) &&
    mkfifo -m 600 "$DIR/guard" "$DIR/keeper" "$DIR/idle" 2>/dev/null ||
    fail 125 "cannot make files in ${TMPDIR:-/tmp}; set TMPDIR to a directory that can be written"
# Opened in both directions first, so that none waits for another; then each side gets an end of one direction, and the
# keeper's input ends with this process.
exec {IN}<>"$DIR/guard" {OUT}<>"$DIR/keeper" {IDLE}<>"$DIR/idle" {TO_GUARD}>"$DIR/guard" {FROM_GUARD}<"$DIR/keeper"
rm "$DIR/guard" "$DIR/keeper" "$DIR/idle"
[ ! -t 0 ] || FOREGROUND=1
# Bash reports there how processes were killed, in its own words.
exec {ERR}>&2 2>/dev/null
(
    trap - INT QUIT
    if [ -n "$OUTSIDE" ]; then export HOLDFAST_GUARDS=$OUTSIDE; else unset HOLDFAST_GUARDS; fi
    exec <&"$FROM_GUARD" >&"$TO_GUARD" 2>&"$ERR" {ERR}>&-
    exec {FROM_GUARD}<&- {TO_GUARD}>&- {IN}>&- {OUT}>&- {IDLE}>&-
    exec setsid -- "${KEEP[@]}" -- "${COMMAND[0]}"
) &
KEEPER=$!
exec {FROM_GUARD}<&- {TO_GUARD}>&-
tell_keeper "guard $$ $MARK ${FOREGROUND:-0} $DIR/lease"

while :; do
    next=100
    case $STATE in
        running) ((END - GRACE - NOW >= next)) || next=$((END - GRACE - NOW)) ;;
        stopping) ((KILL_AT - NOW >= next)) || next=$((KILL_AT - NOW)) ;;
        leftover) next=5 ;;
    esac
    ((next >= 1)) || next=1
    printf -v seconds '%d.%02d' $((next / 100)) $((next % 100))
    line=""
    if read -r -t "$seconds" -u "$IN" line; then
        told "$PARTIAL$line"
        PARTIAL=""
    else
        PARTIAL+=$line
    fi
    # All that was written is heard before the clock is asked: the lease may have been confirmed meanwhile.
    read -r -t 0 -u "$IN" || act
done
