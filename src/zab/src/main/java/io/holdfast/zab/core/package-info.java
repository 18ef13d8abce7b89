/**
 * The protocol as a deterministic state machine: {@link io.holdfast.zab.core.Zab} receives events with the time at
 * which they happened and returns effects, in order.
 *
 * <p>Nothing in here reads a clock, draws a random number, starts a thread or does I/O. That is what lets a simulator
 * run the very code that production runs. Durability is an event: an acknowledgement is sent only by the handler of
 * {@code persisted}, so that no host can send it too early.
 *
 * <p>The rules are in docs/internals/protocol.md, and code cites them as {@code protocol.md#p2}.
 *
 * <p>In the table V is a voter, L a leader or an elected candidate, F a learner, O an observer, and R a follower that
 * relays to observers and acts as L for them.
 *
 * <table>
 * <caption>The messages, and what is durable before each is sent</caption>
 * <tr><th>Phase</th><th>Message</th><th>From, to</th><th>Durable before it is sent</th></tr>
 * <tr><td>election</td><td>Hello</td><td>V, V</td><td></td></tr>
 * <tr><td></td><td>Notification</td><td>all, all</td><td>the vote's zxid</td></tr>
 * <tr><td>discovery</td><td>FollowerInfo</td><td>F, L</td><td></td></tr>
 * <tr><td></td><td>LeaderInfo</td><td>L, F</td><td>L's promise of the epoch (protocol.md#p2)</td></tr>
 * <tr><td></td><td>Redirect</td><td>L, O</td><td></td></tr>
 * <tr><td></td><td>AckEpoch</td><td>F, L</td><td>F's promise of the epoch (protocol.md#p3)</td></tr>
 * <tr><td></td><td>HistoryRequest</td><td>L, V</td><td>the parts received before (protocol.md#history-fetch)</td></tr>
 * <tr><td>synchronization</td><td>SyncBegin, SnapshotChunk, SyncTxn</td><td>L, F</td><td></td></tr>
 * <tr><td></td><td>SyncNack</td><td>F, L</td><td></td></tr>
 * <tr><td></td><td>SyncProgress</td><td>F, L</td><td>the transactions that it reports</td></tr>
 * <tr><td></td><td>NewLeader</td><td>L, F</td><td></td></tr>
 * <tr><td></td><td>AckNewLeader</td><td>F, L</td><td>history, then epoch (protocol.md#p4, protocol.md#p5)</td></tr>
 * <tr><td></td><td>UpToDate</td><td>L, F</td><td>history and epoch on a quorum (protocol.md#p12)</td></tr>
 * <tr><td>broadcast</td><td>Proposal, Commit</td><td>L, F</td><td></td></tr>
 * <tr><td></td><td>Inform</td><td>L, O</td><td>the transaction on a quorum: it is committed</td></tr>
 * <tr><td></td><td>Ack</td><td>F, L</td><td>all transactions up to it (protocol.md#p7)</td></tr>
 * <tr><td></td><td>Ping, Pong, Overview</td><td>L, F and back</td><td></td></tr>
 * <tr><td></td><td>Request, ReadIndex, Touch, HandOffRequest</td><td>F, L</td><td></td></tr>
 * <tr><td></td><td>TakeOver</td><td>L, F</td><td>at the successor: all that was proposed</td></tr>
 * <tr><td></td><td>RequestRefused, ReadIndexReply, TouchReply</td><td>L, F</td><td></td></tr>
 * <tr><td></td><td>Relayed</td><td>R, L and back</td><td></td></tr>
 * <tr><td></td><td>LetGo</td><td>L, R</td><td></td></tr>
 * </table>
 */
@NullMarked
package io.holdfast.zab.core;

import org.jspecify.annotations.NullMarked;
