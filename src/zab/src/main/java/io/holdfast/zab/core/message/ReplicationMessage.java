package io.holdfast.zab.core.message;

import io.holdfast.zab.core.Link;

/** What a learner and its leader tell each other over one link: in order, without loss, or the link ends. */
public sealed interface ReplicationMessage extends Message
        permits Ack,
                AckEpoch,
                AckNewLeader,
                Commit,
                FollowerInfo,
                HandOffRequest,
                HistoryRequest,
                Inform,
                LeaderInfo,
                LetGo,
                NewLeader,
                Overview,
                Ping,
                Pong,
                Proposal,
                ReadIndex,
                ReadIndexReply,
                Redirect,
                Relayed,
                Request,
                RequestRefused,
                SnapshotChunk,
                SyncBegin,
                SyncNack,
                SyncProgress,
                SyncTxn,
                TakeOver,
                Touch,
                TouchReply,
                UpToDate {

    /** Calls the method of {@code to} that is named for this message. */
    void dispatch(Link from, ReplicationHandler to);
}
