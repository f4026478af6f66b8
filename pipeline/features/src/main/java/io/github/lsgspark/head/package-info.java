/**
 * Heads on frozen features that take seconds: closed forms, fitted by sums over the labelled
 * samples and chosen by exact leave-one-out, so that no labels are spent on validation.
 */
package io.github.lsgspark.head;
