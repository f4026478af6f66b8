package io.github.lsgspark.head;

import io.github.lsgspark.features.FeatureTable.View;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import scala.Tuple2;

/** The ballots of one head in a task, block by block, by the ids of the samples. */
final class BallotRows implements Iterator<Tuple2<String, Ballot>> {
  private final Iterator<View> rows;
  private final Broadcast<VotingHead> head;
  private final int place;
  private final boolean whole;
  private final int size;
  private final Queue<Tuple2<String, Ballot>> ready = new ArrayDeque<>();

  /**
   * @param rows first views of samples
   * @param place of the head among those that vote
   * @param whole whether ballots have all probabilities
   * @param size samples of a block
   */
  BallotRows(Iterator<View> rows, Broadcast<VotingHead> head, int place, boolean whole, int size) {
    this.rows = rows;
    this.head = head;
    this.place = place;
    this.whole = whole;
    this.size = size;
  }

  @Override
  public boolean hasNext() {
    return !ready.isEmpty() || rows.hasNext();
  }

  @Override
  public Tuple2<String, Ballot> next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    if (ready.isEmpty()) {
      List<View> block = new ArrayList<>();
      while (block.size() < size && rows.hasNext()) {
        block.add(rows.next());
      }
      cast(block);
    }
    return ready.remove();
  }

  private void cast(List<View> block) {
    NativeTorch.setThreads(TaskContext.get().cpus());
    VotingHead own = head.value();
    int classes = own.classes();
    float[] p = probabilities(block, own);
    for (int i = 0; i < block.size(); i++) {
      View row = block.get(i);
      float[] mine = Arrays.copyOfRange(p, i * classes, (i + 1) * classes);
      int choice = 0;
      for (int c = 1; c < classes; c++) {
        choice = mine[c] > mine[choice] ? c : choice;
      }
      ready.add(
          new Tuple2<>(
              row.sample(),
              new Ballot(place, row.split(), row.label(), choice, whole ? mine : new float[0])));
    }
  }

  private static float[] probabilities(List<View> block, VotingHead own) {
    int width = own.transform().width();
    float[] values = new float[block.size() * width];
    for (int i = 0; i < block.size(); i++) {
      System.arraycopy(block.get(i).features(), 0, values, i * width, width);
    }
    PoolRows rows =
        new PoolRows(new String[block.size()], new int[0], own.transform().transformed(values));
    try (TensorScope scope = new TensorScope()) {
      return Tensors.floats(Ops.softmax(rows.scoreTensor(own.logits()), 1));
    }
  }
}
