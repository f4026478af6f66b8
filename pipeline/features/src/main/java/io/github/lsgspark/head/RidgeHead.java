package io.github.lsgspark.head;

import io.github.lsgspark.config.HeadSettings;
import java.util.List;

/**
 * Least squares on one-hot targets without intercept: W = Xᵀ (X Xᵀ + λ I)⁻¹ Y. Where rows are no
 * more than features they are collected and the dual form is solved, otherwise the primal one from
 * sums of executors. λ, layers and temperature are chosen by exact leave-one-out (the hat matrix).
 */
public final class RidgeHead implements HeadKind {
  static final Temperatures TEMPERATURES = Temperatures.between(0.004, 2, 1.25);

  @Override
  public String label() {
    return "ridge";
  }

  @Override
  public String help() {
    return "least squares on one-hot targets, all chosen by exact leave-one-out";
  }

  @Override
  public HeadFit fit(HeadProblem problem) {
    return new HeadSearch(label(), problem.settings(), lambdas(problem.settings()), TEMPERATURES)
        .fit(problem, transform -> fitted(problem, transform));
  }

  static List<Double> lambdas(HeadSettings settings) {
    return settings.fixedLambda().isPresent()
        ? List.of(settings.fixedLambda().getAsDouble())
        : settings.lambdas();
  }

  private static HeadSearch.Fitted fitted(HeadProblem problem, FeatureTransform transform) {
    ClassBalance balance = problem.balance();
    Rows rows = problem.labelled();
    double[] noBias = new double[problem.classes().size()];
    if (rows.isLocal() && rows.local().count() <= transform.dimension()) {
      return new HeadSearch.Fitted() {
        @Override
        public LeftOutScorer scorer(List<Double> parameters) {
          return new DualRidge(transform, balance, parameters);
        }

        @Override
        public HeadSearch.Solution solve(double lambda) {
          double[] weight =
              new DualRidge(transform, balance, List.of(lambda)).weight(rows.local(), lambda);
          return new HeadSearch.Solution(weight, noBias);
        }
      };
    }
    PrimalRidge ridge = PrimalRidge.of(rows, transform, balance);
    return new HeadSearch.Fitted() {
      @Override
      public LeftOutScorer scorer(List<Double> parameters) {
        return PrimalRidge.scorer(problem.spark(), ridge, transform, balance, parameters);
      }

      @Override
      public HeadSearch.Solution solve(double lambda) {
        return new HeadSearch.Solution(ridge.weight(lambda), noBias);
      }
    };
  }
}
