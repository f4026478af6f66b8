package io.github.lsgspark.engine.bigdl;

import com.intel.analytics.bigdl.dllib.optim.parameters.AllReduceParameter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.spark.sparkExtension.SparkExtension;
import org.apache.spark.storage.BlockManagerWrapper;

/**
 * The blocks of one replica in Spark's store, by the names that BigDL gives them. BigDL leaves
 * those of its own executor locked for reading each time that it looks into them, and never removes
 * one; a locked block cannot be removed.
 */
final class Blocks {
  private final String offered;
  private final String weights;
  private final String gradients;
  private final List<String> pieces = new ArrayList<>();

  Blocks(long id, int rank, int replicas) {
    offered = id + "weightBytes" + rank;
    weights = id + "weights" + rank;
    gradients = id + "gradients" + rank;
    for (int to = 0; to < replicas; to++) {
      pieces.add(id + "_" + to + "gradientBytes" + rank);
    }
  }

  /** After this replica's parts of weights and gradients were looked up for the first time. */
  void unlockParts() {
    unlock(weights);
    unlock(gradients);
  }

  /** After weights were offered. */
  void unlockOffered() {
    unlock(offered);
    unlock(weights);
  }

  /**
   * After gradients were put where others had been; this was done by threads that are no task's.
   */
  void unlockPieces() {
    try {
      AllReduceParameter.computePool().submit(() -> pieces.forEach(Blocks::unlock)).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while unlocking blocks", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private static void unlock(String block) {
    BlockManagerWrapper.unlock(SparkExtension.getLocalBlockId(block));
  }

  /** Removes all; they must be unlocked. */
  void remove() {
    List<String> all = new ArrayList<>(pieces);
    all.addAll(List.of(offered, weights, gradients));
    all.forEach(block -> BlockManagerWrapper.removeBlock(SparkExtension.getLocalBlockId(block)));
  }
}
