package io.holdfast.zab.log;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.DiskId;
import io.holdfast.zab.core.Position;

/**
 * What a data directory begins with that has a state but no history.
 *
 * @param identity whose directory it is to be
 * @param diskId drawn for it
 * @param configuration of the ensemble that begins with it
 * @param at zxid and chain hash that the state is said to have; above all that its past may have reached
 */
public record Genesis(LogIdentity identity, DiskId diskId, Configuration configuration, Position at) {}
