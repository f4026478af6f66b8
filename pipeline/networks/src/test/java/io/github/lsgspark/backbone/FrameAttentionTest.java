package io.github.lsgspark.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.config.FeaturesSettings.Pooling;
import io.github.lsgspark.onnx.OnnxAnswers;
import io.github.lsgspark.torch.Autograd;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.ModeGuard;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.ScriptModule;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrameAttentionTest {
  private static final int CLIPS = 3;
  private static final int FRAMES = 4;
  private static final int SIDE = 16;

  @BeforeAll
  static void load() {
    NativeTorch.load();
  }

  private static Backbone images() {
    return Backbones.of("small-cnn", "", new long[] {3, SIDE, SIDE});
  }

  private static double[] features(
      Backbone network, Map<String, HostArray> weights, Tensor samples) {
    try (ModeGuard guard = Autograd.noGrad()) {
      return Tensors.doubles(
          network.features(
              name -> weights.get(name).tensor(), samples, BatchNormalization.runningStatistics()));
    }
  }

  private static float[] drawn(int count, long seed) {
    Random random = new Random(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** [n, 3, T, side, side], its frames as [n T, 3, side, side] behind it. */
  private static Tensor clips(long seed) {
    return Tensors.of(drawn(CLIPS * 3 * FRAMES * SIDE * SIDE, seed), CLIPS, 3, FRAMES, SIDE, SIDE);
  }

  private static double[][] unitRows(double[] values, int d) {
    double[][] rows = new double[values.length / d][d];
    for (int row = 0; row < rows.length; row++) {
      System.arraycopy(values, row * d, rows[row], 0, d);
      unit(rows[row]);
    }
    return rows;
  }

  private static void unit(double[] row) {
    double length = Math.sqrt(dot(row, row));
    for (int i = 0; i < row.length; i++) {
      row[i] /= length;
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** The sum of the class's Javadoc, written out. */
  private static double[] clip(double[][] frames, double[][] texts, double temperature) {
    double[] shares = new double[frames.length];
    double all = 0;
    for (int t = 0; t < frames.length; t++) {
      double best = -1;
      for (double[] text : texts) {
        best = Math.max(best, dot(frames[t], text));
      }
      shares[t] = Math.exp(best / temperature);
      all += shares[t];
    }
    double[] sum = new double[frames[0].length];
    for (int t = 0; t < frames.length; t++) {
      for (int i = 0; i < sum.length; i++) {
        sum[i] += shares[t] / all * frames[t][i];
      }
    }
    unit(sum);
    return sum;
  }

  @ParameterizedTest
  @CsvSource({"1, 0.01", "5, 0.05", "7, 1", "2, 100"})
  void framesCountByTheirNearestTextHereServedAndInOnnxRuntime(int count, double temperature)
      throws Exception {
    try (TensorScope scope = new TensorScope();
        Backbone network = images();
        Backbone attending = new FrameAttention(network, FRAMES, count, temperature)) {
      int d = network.featureDimension();
      Tensor samples = clips(count);
      Map<String, HostArray> weights = new LinkedHashMap<>(attending.initialWeights(3));
      double[][] texts = new double[count][d];
      float[] rows = drawn(count * d, 11);
      float[] written = new float[rows.length];
      for (int c = 0; c < count; c++) {
        for (int i = 0; i < d; i++) {
          texts[c][i] = rows[c * d + i];
        }
        unit(texts[c]);
        for (int i = 0; i < d; i++) {
          written[c * d + i] = (float) texts[c][i];
        }
      }
      weights.put(FeatureTensors.FRAME_TEXTS, HostArray.of(written, count, d));
      double[][] frames =
          unitRows(
              features(network, weights, samples.transpose(1, 2).contiguous().flatten(0, 1)), d);
      double[] actual = features(attending, weights, samples);
      for (int clip = 0; clip < CLIPS; clip++) {
        double[][] own = new double[FRAMES][];
        System.arraycopy(frames, clip * FRAMES, own, 0, FRAMES);
        double[] expected = clip(own, texts, temperature);
        for (int i = 0; i < d; i++) {
          assertThat(actual[clip * d + i]).isCloseTo(expected[i], within(1e-4));
        }
      }
      assertThat(attending.normalizesBatches()).isEqualTo(network.normalizesBatches());
      assertSame(served(attending, weights, samples), actual);
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      weights.forEach((name, array) -> tensors.put(name, array.tensor()));
      assertSame(OnnxAnswers.features(attending, tensors, samples), actual);
    }
  }

  private static void assertSame(double[] actual, double[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).isCloseTo(expected[i], within(1e-4));
    }
  }

  private static double[] served(Backbone network, Map<String, HostArray> weights, Tensor samples) {
    ScriptLayers layers = new ScriptLayers();
    String forward = layers.forward(network.features(layers, ScriptLayers.IMAGES));
    Map<String, HostArray> parameters = new LinkedHashMap<>();
    Map<String, HostArray> buffers = new LinkedHashMap<>();
    network.parameterShapes().keySet().forEach(name -> parameters.put(name, weights.get(name)));
    network.bufferShapes().keySet().forEach(name -> buffers.put(name, weights.get(name)));
    try (ModeGuard guard = Autograd.noGrad();
        ScriptModule module = ScriptModule.define(parameters, buffers, layers.modules(), forward)) {
      module.bind(name -> weights.get(name).tensor());
      module.train(false);
      return Tensors.doubles(module.forward(samples));
    }
  }

  /** Without texts all frames count alike, as directions. */
  @Test
  void textsThatSayNothingLeaveTheMeanOfDirections() {
    try (TensorScope scope = new TensorScope();
        Backbone network = images()) {
      Backbone attending = new FrameAttention(network, FRAMES, 2, 0.01);
      Map<String, HostArray> weights = attending.initialWeights(3);
      Tensor samples = clips(5);
      assertSame(
          features(attending, weights, samples),
          features(new FrameMean(network, FRAMES, true), weights, samples));
    }
  }

  /** A frame that is a class's text counts, those that are noise do not. */
  @Test
  void theFrameThatATextNamesIsTheClip() {
    try (TensorScope scope = new TensorScope();
        Backbone network = images()) {
      int d = network.featureDimension();
      Backbone attending = new FrameAttention(network, FRAMES, 1, 1e-4);
      Map<String, HostArray> weights = attending.initialWeights(3);
      Tensor samples = clips(9);
      double[][] frames =
          unitRows(
              features(network, weights, samples.transpose(1, 2).contiguous().flatten(0, 1)), d);
      float[] text = new float[d];
      for (int i = 0; i < d; i++) {
        text[i] = (float) frames[2][i];
      }
      weights.put(FeatureTensors.FRAME_TEXTS, HostArray.of(text, 1, d));
      double[] actual = features(attending, weights, samples);
      for (int i = 0; i < d; i++) {
        assertThat(actual[i]).isCloseTo(frames[2][i], within(1e-3));
      }
    }
  }

  @Test
  void whatSharesNoSpaceWithTextsIsRefused() {
    FeatureSpec vectors = FeatureSpec.bare(List.of(LayerOutput.FEATURES), Pooling.AUTO);
    long[] clip = {3, FRAMES, SIDE, SIDE};
    for (String name : List.of("small-cnn", "r3d-small")) {
      try (Backbone network = Backbones.of(name, "", clip)) {
        assertThatThrownBy(() -> Backbones.requireFrameTexts(network, vectors, 8))
            .hasMessageContaining("features.frames = attention")
            .hasMessageContaining("CLIP or SigLIP");
      }
    }
    try (Backbone network = images()) {
      FrameMean clips = new FrameMean(network, FRAMES, true);
      int d = network.featureDimension();
      Backbones.requireFrameTexts(clips, vectors, d);
      assertThatThrownBy(() -> Backbones.requireFrameTexts(clips, vectors, d + 1))
          .hasMessageContaining(d + " numbers against texts of " + (d + 1));
      FeatureSpec block = FeatureSpec.bare(List.of("block3"), Pooling.AUTO);
      assertThatThrownBy(() -> Backbones.requireFrameTexts(clips, block, d))
          .hasMessageContaining("features.layers = [features]");
    }
  }
}
