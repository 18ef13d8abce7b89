package io.holdfast.zab.core;

import org.jspecify.annotations.Nullable;

/**
 * How far a member is, as its leader knows it; for people and probes, no rule of the protocol rests on it.
 *
 * @param id the member
 * @param role what it is
 * @param phase how far it is in that role
 * @param durable last transaction that it acknowledged or said to be durable
 * @param committed its commit watermark
 * @param applied last transaction that it said to have applied
 * @param disk identity of the disk that it has now, whatever it is bound to; null while that is not known
 * @param info what it said of itself; {@link MemberInfo#NONE} when it said nothing, or a link is of an older version
 */
public record MemberState(
        ServerId id,
        Role role,
        Phase phase,
        Zxid durable,
        Zxid committed,
        Zxid applied,
        @Nullable DiskId disk,
        MemberInfo info) {

    /** Makes one of a member that says nothing of itself. */
    public MemberState(
            ServerId id, Role role, Phase phase, Zxid durable, Zxid committed, Zxid applied, @Nullable DiskId disk) {
        this(id, role, phase, durable, committed, applied, disk, MemberInfo.NONE);
    }
}
