package io.github.lsgspark.embedding.transformer;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** Where an architecture takes its tensors from, by their public names. */
interface LayerSource {
  /** A dimension that only the file knows. */
  long ANY = -1;

  /** A table of vectors. */
  Tensor table(String name, long rows, long width);

  /** A table with the first row of another added to each of its rows. */
  Tensor tablePlusFirstRow(String name, long rows, String other, long width);

  /** A matrix product with weight [out, in] and bias [out]. */
  Dense dense(String name, long out, long in);

  /** GPT-2's layout: weight [in, parts * out], the parts side by side. */
  List<Dense> conv1d(String name, long in, long out, int parts);

  /** Layer normalisation. */
  Norm norm(String name, long width, double epsilon);

  /**
   * A matrix [out, width] behind the layers; only the file knows how many rows it has.
   *
   * @param width {@link #ANY}: only the file knows that, too
   */
  Dense projection(String name, long width, boolean biased);
}
