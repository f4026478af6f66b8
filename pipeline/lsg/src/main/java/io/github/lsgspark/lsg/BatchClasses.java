package io.github.lsgspark.lsg;

import java.util.Arrays;

/** Which classes occur among a step's image nodes, and how often. */
final class BatchClasses {
  private final int[] imagesOfLabel;
  private final int[] labels;
  private final long[] slots;

  private BatchClasses(int[] imagesOfLabel, int[] labels, long[] slots) {
    this.imagesOfLabel = imagesOfLabel;
    this.labels = labels;
    this.slots = slots;
  }

  static BatchClasses of(int[] imageLabels, int classes) {
    int[] images = new int[classes];
    int[] slotOfLabel = new int[classes];
    int[] labels = new int[Math.min(classes, imageLabels.length)];
    long[] slots = new long[imageLabels.length];
    int size = 0;
    for (int i = 0; i < imageLabels.length; i++) {
      int label = imageLabels[i];
      if (images[label]++ == 0) {
        slotOfLabel[label] = size;
        labels[size++] = label;
      }
      slots[i] = slotOfLabel[label];
    }
    return new BatchClasses(images, Arrays.copyOf(labels, size), slots);
  }

  /** Number of distinct classes, |S|. */
  int size() {
    return labels.length;
  }

  /** The label of class slot s. */
  int label(int s) {
    return labels[s];
  }

  /** m_c of class slot s. */
  int images(int s) {
    return imagesOfLabel[labels[s]];
  }

  /** m_c of a label, 0 if it does not occur. */
  int imagesOfLabel(int label) {
    return imagesOfLabel[label];
  }

  /** Class slot of each image. */
  long[] slots() {
    return slots;
  }

  /** [|S|, B], 1 where image i is of class s. */
  double[] indicator() {
    double[] indicator = new double[size() * slots.length];
    for (int i = 0; i < slots.length; i++) {
      indicator[(int) slots[i] * slots.length + i] = 1;
    }
    return indicator;
  }
}
