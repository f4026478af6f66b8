package io.github.lsgspark.embedding;

import java.io.Serializable;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.Partitioner;

/**
 * Which prompts go through the model together. Prompts are numbered in the order of (tokens, text);
 * consecutive ones with equal numbers of tokens make a batch, so nothing is padded and a batch
 * holds the same prompts however the table is partitioned. Whole batches are dealt to partitions of
 * about equal numbers of tokens.
 */
final class LengthBatches extends Partitioner implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final long TOKENS_PER_PARTITION = 32_768;

  /** Tasks that each slot runs at least, so that none waits long for the last. */
  private static final int ROUNDS = 4;

  /** Prompts of one length. */
  private record Group(int length, long first, long tokensBefore, int batch)
      implements Serializable {}

  private final TreeMap<Long, Group> groupByFirst = new TreeMap<>();
  private final long tokens;
  private final long prompts;
  private final int partitions;

  /**
   * @param promptsByLength how many prompts have each number of tokens
   * @param batchTokens tokens of a batch at most; a longer prompt is a batch by itself
   * @param slots tasks that run at once
   */
  LengthBatches(SortedMap<Integer, Long> promptsByLength, int batchTokens, int slots) {
    long first = 0;
    long before = 0;
    long batches = 0;
    for (Map.Entry<Integer, Long> entry : promptsByLength.entrySet()) {
      int length = entry.getKey();
      int batch = Math.max(1, batchTokens / length);
      groupByFirst.put(first, new Group(length, first, before, batch));
      first += entry.getValue();
      before += entry.getValue() * length;
      batches += (entry.getValue() + batch - 1) / batch;
    }
    this.prompts = first;
    this.tokens = before;
    long rounds = Math.max(ROUNDS, -Math.floorDiv(-tokens, TOKENS_PER_PARTITION * slots));
    this.partitions = (int) Math.max(1, Math.min(batches, Math.min(rounds * slots, 100_000)));
  }

  /** Tokens of all prompts. */
  long tokens() {
    return tokens;
  }

  /** Number of all prompts. */
  long prompts() {
    return prompts;
  }

  /** Whether a prompt is the first of its batch. */
  boolean startsBatch(long index) {
    Group group = groupByFirst.floorEntry(index).getValue();
    return (index - group.first) % group.batch == 0;
  }

  @Override
  public int numPartitions() {
    return partitions;
  }

  @Override
  public int getPartition(Object key) {
    long index = (Long) key;
    Group group = groupByFirst.floorEntry(index).getValue();
    long batchStart = index - (index - group.first) % group.batch;
    long before = group.tokensBefore + (batchStart - group.first) * group.length;
    return (int) (before * (double) partitions / tokens);
  }
}
