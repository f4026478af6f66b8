package io.github.lsgspark.evaluation;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.dataset.SampleContent;
import io.github.lsgspark.dataset.audio.AudioModality;
import io.github.lsgspark.dataset.modality.UnreadableSampleException;
import io.github.lsgspark.dataset.modality.UnreadableSampleException.Reason;
import io.github.lsgspark.storage.RelativePath;
import io.github.lsgspark.text.LabelSet;
import io.github.lsgspark.training.TrainedModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Labels the windows of one sound after the other inside a task: rows of the sound's windows, then
 * the sound's own, or one that says why it was set aside.
 */
final class WindowedSounds implements Iterator<Row>, AutoCloseable {
  private final Iterator<SampleContent> sounds;
  private final TrainedModelOpener opener;
  private final Classifiers classifiers;
  private final Nearby.Finder finder;
  private final LabelSet labels;
  private final double step;
  private final int batch;
  private TrainedModel model;
  private Iterator<Row> ready = Collections.emptyIterator();

  WindowedSounds(
      Iterator<SampleContent> sounds,
      TrainedModelOpener opener,
      Classifiers classifiers,
      Nearby nearby,
      LabelSet labels,
      double step,
      int batch) {
    this.sounds = sounds;
    this.opener = opener;
    this.classifiers = classifiers;
    this.finder = nearby.open();
    this.labels = labels;
    this.step = step;
    this.batch = batch;
  }

  @Override
  public boolean hasNext() {
    return ready.hasNext() || sounds.hasNext();
  }

  @Override
  public Row next() {
    if (!ready.hasNext()) {
      if (!sounds.hasNext()) {
        throw new NoSuchElementException();
      }
      ready = rows(sounds.next()).iterator();
    }
    return ready.next();
  }

  private List<Row> rows(SampleContent sound) {
    if (sound.bytes() == null) {
      return List.of(rejected(sound.id(), sound.reason(), sound.detail()));
    }
    if (model == null) {
      model = opener.load();
    }
    Sound said = new Sound(sound.id());
    try {
      ((AudioModality) model.modality()).windows(sound.bytes(), step, said::take);
      said.label();
    } catch (UnreadableSampleException e) {
      return List.of(
          rejected(
              sound.id(),
              e.reason().name(),
              RelativePath.printable(String.valueOf(e.getMessage()))));
    }
    return said.rows();
  }

  /** What was said of one sound so far. */
  private final class Sound {
    private final String id;
    private final List<Row> rows = new ArrayList<>();
    private final List<AudioModality.Window> waiting = new ArrayList<>();
    private final double[] sum = new double[labels.size()];
    private int counted;
    private int windows;
    private NearestSample nearest = NearestSample.NONE;

    Sound(String id) {
      this.id = id;
    }

    void take(AudioModality.Window window) {
      waiting.add(window);
      windows++;
      if (waiting.size() == batch) {
        label();
      }
    }

    /** Labels the windows that wait, silent ones among them. */
    void label() {
      List<AudioModality.Window> loud =
          waiting.stream().filter(window -> !window.isSilent()).toList();
      List<OpenModel.Scores> scores =
          loud.isEmpty()
              ? List.of()
              : TrainedModelOpener.scores(
                  model.scoreViews(
                      loud.stream().map(AudioModality.Window::view).toArray(float[][]::new)));
      List<List<NearestSample>> near = finder.of(scores, 1);
      int at = 0;
      for (AudioModality.Window window : waiting) {
        if (window.isSilent()) {
          rows.add(row(id, window.from(), window.to(), null, NearestSample.NONE));
          continue;
        }
        OpenModel.Scores one = scores.get(at);
        if (!one.areFinite()) {
          throw LsgException.input(
              opener + ": what it says of a window of " + id + " is no finite number");
        }
        double[] probabilities = classifiers.distribution(one).probabilities();
        for (int c = 0; c < sum.length; c++) {
          sum[c] += probabilities[c];
        }
        counted++;
        NearestSample own = near.get(at).isEmpty() ? NearestSample.NONE : near.get(at).get(0);
        if (!own.isNone() && (nearest.isNone() || own.similarity() > nearest.similarity())) {
          nearest = own;
        }
        rows.add(row(id, window.from(), window.to(), TopKPrediction.of(probabilities), own));
        at++;
      }
      waiting.clear();
    }

    List<Row> rows() {
      if (counted == 0) {
        return List.of(
            rejected(id, Reason.SILENT.name(), "all of its " + windows + " windows are silent"));
      }
      double[] mean = Arrays.stream(sum).map(value -> value / counted).toArray();
      rows.add(row(id, null, null, TopKPrediction.of(mean), nearest));
      return rows;
    }
  }

  private static Row rejected(String id, String reason, String detail) {
    Object[] values = new Object[WindowedPrediction.WINDOWS.length() + 2];
    values[0] = id;
    values[values.length - 2] = reason;
    values[values.length - 1] = detail;
    return RowFactory.create(values);
  }

  /**
   * @param said null of a silent window
   */
  private Row row(String id, Double from, Double to, TopKPrediction said, NearestSample nearest) {
    List<Object> values = new ArrayList<>(Arrays.asList(id, from, to));
    if (said == null) {
      values.addAll(Collections.nCopies(WindowedPrediction.WINDOWS.length() - 3, null));
    } else {
      values.addAll(PredictionTable.said(said, nearest, labels));
    }
    values.add(null);
    values.add(null);
    return RowFactory.create(values.toArray());
  }

  @Override
  public void close() {
    finder.close();
    if (model != null) {
      model.close();
    }
  }
}
