package io.github.lsgspark.training;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.github.lsgspark.config.TrainSettings.Keep;
import io.github.lsgspark.config.TrainSettings.Start;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * What short trainings made of samples that none of them had seen, over the same samples for each
 * start.
 *
 * @param fromHead of trainings that start from the closed form; null where none was made
 * @param fromRandom of trainings that start from a drawn classifier; null where none was made
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Trials(
    @JsonProperty("from_head") Judgement fromHead,
    @JsonProperty("from_random") Judgement fromRandom) {
  static final String FILE = "verdicts.json";
  static final Trials NONE = new Trials(null, null);

  /** Trials of one start, or more than before. */
  Trials with(Start start, Judgement judgement) {
    Judgement all = of(start).map(before -> before.and(judgement)).orElse(judgement);
    return start == Start.HEAD ? new Trials(all, fromRandom) : new Trials(fromHead, all);
  }

  Trials and(Trials more) {
    Trials sum = this;
    for (Start start : List.of(Start.HEAD, Start.RANDOM)) {
      Optional<Judgement> other = more.of(start);
      if (other.isPresent()) {
        sum = sum.with(start, other.get());
      }
    }
    return sum;
  }

  Optional<Judgement> of(Start start) {
    return Optional.ofNullable(start == Start.HEAD ? fromHead : fromRandom);
  }

  /** How many samples judged. */
  int judged() {
    return Math.max(judged(Start.HEAD), judged(Start.RANDOM));
  }

  private int judged(Start start) {
    return of(start).map(one -> one.verdicts().size()).orElse(0);
  }

  /**
   * The start whose models do better; of equals, and where nothing was judged, the closed form. A
   * start that was judged less often has been left behind ({@link Race}).
   *
   * @param keep which of a start's models counts
   */
  Start best(Keep keep) {
    if (judged(Start.HEAD) != judged(Start.RANDOM)) {
      return judged(Start.HEAD) > judged(Start.RANDOM) ? Start.HEAD : Start.RANDOM;
    }
    double head = of(Start.HEAD).map(one -> one.most(keep)).orElse(0.0);
    double random = of(Start.RANDOM).map(one -> one.most(keep)).orElse(0.0);
    return random > head ? Start.RANDOM : Start.HEAD;
  }

  /** A line for each model. */
  String table() {
    StringBuilder text = new StringBuilder();
    each((name, one) -> text.append(one.line(name)));
    return text.toString();
  }

  /** The same for metrics.json. */
  List<Map<String, Object>> candidates() {
    List<Map<String, Object>> all = new ArrayList<>();
    each(
        (name, one) -> {
          Map<String, Object> row = new LinkedHashMap<>();
          row.put("candidate", name);
          row.put("samples", one.samples());
          row.put("accuracy", one.accuracy());
          row.put("standard_error", one.error());
          row.put("difference", one.difference());
          row.put("difference_error", one.differenceError());
          all.add(row);
        });
    return all;
  }

  /** The closed form, which all trials have, once: of the start that was judged most often. */
  private void each(BiConsumer<String, Judgement.Candidate> see) {
    Start longest = judged(Start.RANDOM) > judged(Start.HEAD) ? Start.RANDOM : Start.HEAD;
    see(longest, model -> model == Keep.HEAD, see);
    for (Start start : List.of(Start.HEAD, Start.RANDOM)) {
      see(start, model -> model != Keep.HEAD, see);
    }
  }

  private void see(
      Start start, Predicate<Keep> which, BiConsumer<String, Judgement.Candidate> see) {
    String from = start == Start.HEAD ? " from the head" : " from random";
    for (Judgement.Candidate one : of(start).map(Judgement::candidates).orElse(List.of())) {
      if (which.test(one.model())) {
        see.accept(one.model() == Keep.HEAD ? "head" : name(one.model()) + from, one);
      }
    }
  }

  private static String name(Keep keep) {
    return keep.name().toLowerCase(Locale.ROOT);
  }

  static Trials read(HadoopFiles files, String file) {
    return Json.read(files, file, Trials.class);
  }
}
