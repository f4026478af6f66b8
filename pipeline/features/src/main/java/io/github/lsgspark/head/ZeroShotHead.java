package io.github.lsgspark.head;

import io.github.lsgspark.config.HeadSettings;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.Tensors;
import java.util.List;

/**
 * The class whose text is nearest by the cosine, in the space of images and texts (Radford et al.,
 * "Learning Transferable Visual Models From Natural Language Supervision", 2021, section 3.1.4). Of
 * the labelled samples it learns the temperature alone.
 */
public final class ZeroShotHead implements HeadKind {
  @Override
  public String label() {
    return "zero-shot";
  }

  @Override
  public String help() {
    return "the class whose text is nearest, in the space of images and texts";
  }

  @Override
  public boolean isOfTexts() {
    return true;
  }

  @Override
  public Fitted fit(LabelledRows rows, HeadSettings settings) {
    double[] texts = TextClassifierHead.texts(rows);
    int classes = rows.classes().size();
    int d = rows.dimension();
    int views = rows.views();
    Candidate only =
        LeaveOneOut.judge(
                rows::sum,
                (x, labels) ->
                    List.of(
                        Ops.matmul(
                            LeftOut.first(x, views),
                            Ops.transpose(Tensors.of(texts, classes, d), 0, 1))),
                new double[] {TextClassifierHead.NO_LABELS},
                rows.classes().samples(),
                settings)
            .get(0)
            .withPrior(1);
    return new Fitted(List.of(only), only, LinearHead.of(texts, classes));
  }
}
