package io.holdfast.api;

import org.jspecify.annotations.Nullable;

/**
 * One message of a stream of Server-Sent Events.
 *
 * @param id where to go on after it; null when it has none
 * @param event its type, {@code message} when it names none
 * @param data its text, lines joined by line feeds
 */
public record SseMessage(@Nullable String id, String event, String data) {}
