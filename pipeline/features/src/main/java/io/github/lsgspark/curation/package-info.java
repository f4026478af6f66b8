/**
 * Which labels may be wrong, which samples are the same or like no other, and which to label next:
 * by frozen features, their nearest neighbours and a head's leave-one-out (docs/curation.md).
 */
package io.github.lsgspark.curation;
