package io.github.lsgspark.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LengthBatchesTest {

  @Test
  void batchesHoldOneLengthAndStayWhole() {
    TreeMap<Integer, Long> byLength = new TreeMap<>(Map.of(10, 25L, 11, 7L, 300, 2L));
    LengthBatches batches = new LengthBatches(byLength, 100, 3);
    assertThat(batches.prompts()).isEqualTo(34);
    assertThat(batches.tokens()).isEqualTo(250 + 77 + 600);
    StringBuilder starts = new StringBuilder();
    int partition = 0;
    for (long i = 0; i < 34; i++) {
      if (batches.startsBatch(i)) {
        starts.append(i).append(' ');
      } else {
        assertThat(batches.getPartition(i)).as("prompt %d", i).isEqualTo(partition);
      }
      assertThat(batches.getPartition(i)).isBetween(partition, batches.numPartitions() - 1);
      partition = batches.getPartition(i);
    }
    // Ten prompts of 10 tokens, nine of 11, one of 300.
    assertThat(starts.toString().strip()).isEqualTo("0 10 20 25 32 33");
  }

  @Test
  void partitionsGetAboutEqualNumbersOfTokens() {
    TreeMap<Integer, Long> byLength = new TreeMap<>();
    for (int length = 8; length < 40; length++) {
      byLength.put(length, 1000L);
    }
    LengthBatches batches = new LengthBatches(byLength, 1024, 4);
    long[] tokens = new long[batches.numPartitions()];
    long index = 0;
    for (int length = 8; length < 40; length++) {
      for (int i = 0; i < 1000; i++) {
        tokens[batches.getPartition(index++)] += length;
      }
    }
    assertThat(tokens).hasSize(24);
    for (long one : tokens) {
      assertThat((double) one * tokens.length / batches.tokens()).isBetween(0.9, 1.1);
    }
  }

  @Test
  void nothingMakesOneEmptyPartition() {
    assertThat(new LengthBatches(new TreeMap<>(), 1024, 8).numPartitions()).isEqualTo(1);
  }
}
