/**
 * The command {@code holdfast}: a command line, requests through the client, tables or the API's JSON.
 *
 * <ul>
 *   <li>{@link io.holdfast.cli.Main} runs one command line; {@link io.holdfast.cli.Commands} has the tree: a subcommand
 *       is one line there and a class annotated for picocli that implements {@code Callable<Integer>} and is made with
 *       the {@link io.holdfast.cli.Invocation}.
 *   <li>{@link io.holdfast.cli.Invocation} gives a subcommand all that it has: {@code api()} for the calls of the API
 *       as they are, {@code client()} for a builder of a Java client with the endpoints, certificates and credential of
 *       the settings, {@code shell()} for streams and environment, {@code options()} for the options that every command
 *       has.
 *   <li>What goes wrong is thrown: {@link io.holdfast.cli.CommandException} with an {@link io.holdfast.cli.ExitCode}
 *       and one line, or what the client throws. {@link io.holdfast.cli.Main} prints {@code holdfast: } and that line.
 *       A subcommand returns its exit code otherwise.
 * </ul>
 */
@NullMarked
package io.holdfast.cli;

import org.jspecify.annotations.NullMarked;
