package io.holdfast.overlap.matrix;

import io.holdfast.client.HoldfastClient;
import io.holdfast.ensemble.Ensemble;
import java.nio.file.Path;

/**
 * What all contests share.
 *
 * @param nodes the ensemble
 * @param admin asks them what there is
 * @param store database behind a fence
 * @param directory for the files of contests
 */
record Ground(Ensemble nodes, HoldfastClient admin, GuardedStore store, Path directory) {}
