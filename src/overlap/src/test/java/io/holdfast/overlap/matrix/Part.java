package io.holdfast.overlap.matrix;

/** Processes of a contender that a fault can hit. */
enum Part {
    /** The program that works, with what it started. */
    HOLDER,
    /** The shell that stops a command in time. */
    GUARD,
    /** The process that keeps the lease of a command. */
    KEEPER,
    /** The process that an application asks whether it leads. */
    SIDECAR
}
