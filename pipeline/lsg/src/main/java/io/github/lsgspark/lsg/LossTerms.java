package io.github.lsgspark.lsg;

import io.github.lsgspark.torch.Ops;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;

/**
 * Terms of a loss that look at the same batch, in the order in which they are computed and added.
 * Their numbers are added to the {@link StepMetrics} of the step under their names.
 *
 * @param <B> the batch
 */
public final class LossTerms<B> {
  private final List<LossTerm<B>> terms;
  private final String prefix;

  /** Terms whose numbers have the terms' own names. */
  public LossTerms(List<LossTerm<B>> terms) {
    this(terms, "");
  }

  /**
   * @param prefix of their names, where the same terms look at two batches
   */
  public LossTerms(List<LossTerm<B>> terms, String prefix) {
    this.terms = List.copyOf(terms);
    this.prefix = prefix;
  }

  /** The names of the numbers; two terms may share one. */
  public List<String> metrics() {
    return terms.stream().map(this::metric).distinct().toList();
  }

  private String metric(LossTerm<B> term) {
    return prefix + term.name();
  }

  /**
   * The sum of weight times value.
   *
   * @param step from 0
   * @param part of the step that the batch is; a factor of the sum and of the numbers
   * @return empty if no term has a value
   */
  public Optional<Tensor> sum(B batch, int step, double part, StepMetrics metrics) {
    return sum(batch, step, part, part, metrics);
  }

  /**
   * The same where the caller multiplies the sum.
   *
   * @param factor of the sum
   * @param part a factor of the numbers
   */
  Optional<Tensor> sum(B batch, int step, double factor, double part, StepMetrics metrics) {
    List<Runnable> numbers = new ArrayList<>();
    Tensor sum = null;
    for (LossTerm<B> term : terms) {
      double weight = term.weight(step);
      LossValue value = term.value(batch).orElse(null);
      if (value != null) {
        double shown = term.showsWeighted() ? weight * part : part;
        numbers.add(() -> value.addTo(metrics, metric(term), shown));
        Tensor weighted = value.weighted(weight * factor);
        sum = sum == null ? weighted : Ops.add(sum, weighted);
      }
    }
    // Reading a number may wait for a GPU: not before all terms are on their way.
    numbers.forEach(Runnable::run);
    return Optional.ofNullable(sum);
  }

  /** The sum as a number, from the metrics of the step. */
  public double value(int step, StepMetrics metrics) {
    Set<String> counted = new HashSet<>();
    double sum = 0;
    for (LossTerm<B> term : terms) {
      if (counted.add(metric(term))) {
        double number = metrics.of(metric(term));
        sum += term.showsWeighted() ? number : term.weight(step) * number;
      }
    }
    return sum;
  }

  /** The numbers by their names, for a line of the log. */
  public Map<String, Double> numbers(StepMetrics metrics) {
    return by(this::metric, metrics);
  }

  /** The numbers by what people call the terms. */
  public Map<String, Double> titled(StepMetrics metrics) {
    return by(LossTerm::title, metrics);
  }

  private Map<String, Double> by(Function<LossTerm<B>, String> name, StepMetrics metrics) {
    Map<String, Double> numbers = new LinkedHashMap<>();
    terms.forEach(term -> numbers.put(name.apply(term), metrics.of(metric(term))));
    return numbers;
  }
}
