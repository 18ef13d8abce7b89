package io.holdfast.zab.core.message;

/** What one server tells another. Dispatch makes the set of handlers complete at compile time. */
public sealed interface Message permits ElectionMessage, ReplicationMessage {}
