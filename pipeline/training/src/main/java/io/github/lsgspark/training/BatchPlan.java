package io.github.lsgspark.training;

import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.dataset.DataLoader;
import io.github.lsgspark.dataset.Sample;
import io.github.lsgspark.dataset.modality.ViewKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One replica's part of a step's global batch. The global batch has a row per view and image: row
 * {@code view * images + image}.
 *
 * @param labels labels of all rows of the global batch
 * @param indices place of each image of the global batch in the list of samples
 * @param rows this replica's rows
 * @param views what this replica must load, in the order of {@code rows}
 */
record BatchPlan(int[] labels, int[] indices, long[] rows, List<DataLoader.Wanted> views) {

  /**
   * @param number of the batch, from 0
   * @param purpose tells labelled and unlabelled batches apart
   * @param kinds of the views
   */
  static BatchPlan of(
      List<Sample> samples,
      SampleOrder order,
      long number,
      int images,
      int views,
      int rank,
      int worldSize,
      long seed,
      String purpose,
      TrainSettings.Views kinds) {
    int[] labels = new int[images * views];
    int[] indices = new int[images];
    int from = (int) ((long) images * rank / worldSize);
    int to = (int) ((long) images * (rank + 1) / worldSize);
    long[] epochs = new long[images];
    for (int i = 0; i < images; i++) {
      SampleOrder.Place place = order.at(number * images + i);
      indices[i] = place.index();
      epochs[i] = place.epoch();
      for (int view = 0; view < views; view++) {
        labels[view * images + i] = samples.get(place.index()).label();
      }
    }
    long[] rows = new long[(to - from) * views];
    List<DataLoader.Wanted> wanted = new ArrayList<>(rows.length);
    for (int view = 0; view < views; view++) {
      for (int i = from; i < to; i++) {
        rows[wanted.size()] = (long) view * images + i;
        wanted.add(
            DataLoader.Wanted.random(
                samples.get(indices[i]), ViewKind.of(kinds, view), seed, purpose, epochs[i], view));
      }
    }
    return new BatchPlan(labels, indices, rows, wanted);
  }

  /** Labels of this replica's rows. */
  long[] ownLabels() {
    long[] own = new long[rows.length];
    for (int i = 0; i < own.length; i++) {
      own[i] = labels[(int) rows[i]];
    }
    return own;
  }

  /** Labels of the images, as far as they are known. */
  int[] truths() {
    return Arrays.copyOf(labels, indices.length);
  }

  /** This replica's images, by their places in the global batch. */
  int[] ownImages() {
    return Arrays.stream(rows)
        .filter(row -> row < indices.length)
        .mapToInt(Math::toIntExact)
        .toArray();
  }

  /** The same batch with other labels, given per image of the global batch. */
  BatchPlan relabelled(int[] labelOfImage) {
    int[] changed = new int[labels.length];
    for (int row = 0; row < changed.length; row++) {
      changed[row] = labelOfImage[row % indices.length];
    }
    return new BatchPlan(changed, indices, rows, views);
  }
}
