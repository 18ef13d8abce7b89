package io.holdfast.lock;

/**
 * How much of a quota is used.
 *
 * @param used in what the quota counts
 * @param limit what it is bounded by
 */
public record QuotaUse(Quota quota, long used, long limit) {}
