package io.holdfast.zab.core.message;

import io.holdfast.zab.core.Link;

/** Says what each replication message means here; a new message does not compile until every handler does. */
public interface ReplicationHandler {
    void onAck(Link from, Ack ack);

    void onAckEpoch(Link from, AckEpoch ackEpoch);

    void onAckNewLeader(Link from, AckNewLeader ackNewLeader);

    void onCommit(Link from, Commit commit);

    void onFollowerInfo(Link from, FollowerInfo followerInfo);

    void onHandOffRequest(Link from, HandOffRequest handOffRequest);

    void onHistoryRequest(Link from, HistoryRequest historyRequest);

    void onInform(Link from, Inform inform);

    void onLeaderInfo(Link from, LeaderInfo leaderInfo);

    void onLetGo(Link from, LetGo letGo);

    void onNewLeader(Link from, NewLeader newLeader);

    void onOverview(Link from, Overview overview);

    void onPing(Link from, Ping ping);

    void onPong(Link from, Pong pong);

    void onProposal(Link from, Proposal proposal);

    void onReadIndex(Link from, ReadIndex readIndex);

    void onReadIndexReply(Link from, ReadIndexReply readIndexReply);

    void onRedirect(Link from, Redirect redirect);

    void onRelayed(Link from, Relayed relayed);

    void onRequest(Link from, Request request);

    void onRequestRefused(Link from, RequestRefused requestRefused);

    void onSnapshotChunk(Link from, SnapshotChunk snapshotChunk);

    void onSyncBegin(Link from, SyncBegin syncBegin);

    void onSyncNack(Link from, SyncNack syncNack);

    void onSyncProgress(Link from, SyncProgress syncProgress);

    void onSyncTxn(Link from, SyncTxn syncTxn);

    void onTakeOver(Link from, TakeOver takeOver);

    void onTouch(Link from, Touch touch);

    void onTouchReply(Link from, TouchReply touchReply);

    void onUpToDate(Link from, UpToDate upToDate);
}
