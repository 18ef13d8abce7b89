package io.holdfast.zab.log;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.Position;

/**
 * What a verified snapshot file says of itself.
 *
 * @param at last transaction in the snapshot
 * @param configuration committed configuration at that transaction
 * @param stateDigest digest of the application's state, as its writer gave it
 * @param stateBytes length of the application's bytes
 * @param fileBytes length of the file, which is what a learner is sent
 */
public record StoredSnapshot(
        Position at, Configuration configuration, long stateDigest, long stateBytes, long fileBytes) {}
