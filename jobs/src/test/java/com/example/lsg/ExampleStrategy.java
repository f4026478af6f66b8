package com.example.lsg;

import io.github.lsgspark.training.ssl.PseudoLabelling;
import io.github.lsgspark.training.ssl.StrategyContext;
import io.github.lsgspark.training.ssl.StrategyKind;
import java.util.stream.IntStream;

/** A strategy of somebody else's: every second sample is of the class of its place. */
public final class ExampleStrategy implements StrategyKind {

  @Override
  public String label() {
    return "example-strategy";
  }

  @Override
  public String help() {
    return "labels by place";
  }

  @Override
  public PseudoLabelling open(StrategyContext context) {
    int classes = context.classes();
    return new PseudoLabelling() {
      @Override
      public boolean looksAtProbabilities() {
        return false;
      }

      @Override
      public int[] decide(int[] samples, float[][] probabilities) {
        return IntStream.of(samples)
            .map(sample -> sample % 2 == 0 ? sample % classes : REJECTED)
            .toArray();
      }
    };
  }
}
