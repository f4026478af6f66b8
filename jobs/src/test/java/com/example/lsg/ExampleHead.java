package com.example.lsg;

import io.github.lsgspark.config.HeadSettings;
import io.github.lsgspark.head.Candidate;
import io.github.lsgspark.head.HeadKind;
import io.github.lsgspark.head.LabelledRows;
import io.github.lsgspark.head.LinearHead;
import io.github.lsgspark.torch.Tensors;
import java.util.List;

/** Class means, as they are. */
public final class ExampleHead implements HeadKind {

  @Override
  public String label() {
    return "example-head";
  }

  @Override
  public String help() {
    return "class means";
  }

  @Override
  public Fitted fit(LabelledRows rows, HeadSettings settings) {
    int d = rows.dimension();
    int views = rows.views();
    int classes = rows.classes().size();
    double[] sums =
        rows.sum(
            (x, labels) -> {
              double[] values = Tensors.doubles(x);
              double[] term = new double[classes * d];
              for (int i = 0; i < values.length; i++) {
                term[labels[i / d / views] * d + i % d] += values[i];
              }
              return term;
            });
    for (int i = 0; i < sums.length; i++) {
      sums[i] /= Math.max(1, rows.classes().counts()[i / d] * views);
    }
    Candidate only = new Candidate(0, 0.1, 0, 0, 0);
    return new Fitted(List.of(only), only, LinearHead.of(sums, classes));
  }
}
