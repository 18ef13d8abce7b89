package io.holdfast.server.rest.problem;

/**
 * One thing that is wrong with a request.
 *
 * @param field the parameter, header, or place in the body, as the client wrote it ({@code metadata}, {@code ids[3]})
 * @param message what it must be, with the bound
 */
public record Violation(String field, String message) {}
