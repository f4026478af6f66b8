package io.github.lsgspark.training;

import io.github.lsgspark.training.engine.ReplicaContext;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Entries of metrics.json that are known before the first step. */
final class TrainingFacts {
  private TrainingFacts() {}

  static Map<String, Object> of(
      TrainingPlan plan,
      ReplicaContext context,
      PrecisionPolicy policy,
      Network network,
      int firstStep) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("iterations", plan.iterations());
    facts.put("resumed_from_step", firstStep);
    facts.put("replicas", context.collective().worldSize());
    facts.put("attempts", context.attempt());
    facts.put("labelled", plan.labelled().size());
    facts.put("unlabelled", plan.unlabelled().size());
    facts.put("parameters", network.trained().size());
    facts.put("frozen_parameters", network.frozenSize());
    facts.put("precision", policy.precision());
    facts.put("layout", policy.layout());
    facts.put("batch_norm", policy.batchNorm().name().toLowerCase(Locale.ROOT));
    facts.put("device", context.device().toString());
    facts.put("threads", context.threads());
    return facts;
  }
}
