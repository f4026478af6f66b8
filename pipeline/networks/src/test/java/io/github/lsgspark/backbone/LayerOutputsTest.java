package io.github.lsgspark.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.config.DataSettings.Modality;
import io.github.lsgspark.config.FeaturesSettings.Pooling;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.torch.Autograd;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.Finite;
import io.github.lsgspark.torch.FlatParameters;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.ModeGuard;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.ScriptModule;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Features of several layers, of every network that can be made from its name. */
class LayerOutputsTest {
  private static final int SAMPLES = 2;
  private static final int MOST = 512;
  private static final long[] IMAGE = {3, 64, 64};
  private static final long[] SOUND = {1, 64, 128};
  private static final long[] CLIP = {3, 4, 32, 32};

  private record Case(String network, long[] input) {
    Backbone backbone() {
      return Backbones.of(network, "", input);
    }

    @Override
    public String toString() {
      return network + " on " + Arrays.toString(input);
    }
  }

  @BeforeAll
  static void load() {
    NativeTorch.load();
  }

  static List<Case> networks() {
    List<Case> cases = new ArrayList<>();
    for (BackboneKind kind : Backbones.kinds()) {
      if (kind.isOfItsWeights()
          || kind.label().equals(Backbones.TORCHSCRIPT)
          || kind.label().matches(".*(101|152)")) {
        continue;
      }
      if (kind.modality() == Modality.IMAGE) {
        cases.add(new Case(kind.label(), IMAGE));
      }
      if (kind.modality() == Modality.AUDIO) {
        cases.add(new Case(kind.label(), SOUND));
      }
      if (kind.modality() == Modality.VIDEO) {
        cases.add(new Case(kind.label(), CLIP));
      }
    }
    cases.add(new Case("squeezenet1_1", SOUND));
    cases.add(new Case("squeezenet1_1", CLIP));
    return cases;
  }

  private static Tensor views(Case one) {
    long[] shape = LongStream.concat(LongStream.of(SAMPLES), LongStream.of(one.input)).toArray();
    float[] values = new float[(int) LongStream.of(shape).reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.sin(0.37 * i);
    }
    return Tensors.of(values, shape);
  }

  private static double[] features(Backbone network, Map<String, HostArray> weights, Case one) {
    Map<String, long[]> shapes = new LinkedHashMap<>(network.parameterShapes());
    shapes.putAll(network.bufferShapes());
    try (TensorScope scope = new TensorScope();
        ModeGuard guard = Autograd.noGrad();
        FlatParameters tensors =
            FlatParameters.allocate(shapes, shapes.keySet(), Dtype.FLOAT32, ComputeDevice.cpu())) {
      tensors.load(weights);
      return Tensors.doubles(
          network.features(tensors::parameter, views(one), BatchNormalization.runningStatistics()));
    }
  }

  @ParameterizedTest
  @MethodSource("networks")
  void everyLayerIsPooledToItsWidthAndTheNetworksOwnFeaturesStay(Case one) {
    try (Backbone network = one.backbone()) {
      Map<String, HostArray> weights = network.initialWeights(3);
      List<String> all = new ArrayList<>(List.of(LayerOutput.FEATURES));
      network.outputs().forEach(output -> all.add(output.layer()));
      assertThat(all).doesNotHaveDuplicates().containsAll(network.featureLayers());
      for (Pooling pooling : Pooling.values()) {
        Backbone pooled = Backbones.withFeatures(network, FeatureSpec.bare(all, pooling));
        int expected =
            all.stream().mapToInt(layer -> Backbones.output(network, layer).length(pooling)).sum();
        double[] values = features(pooled, weights, one);
        assertThat(pooled.featureDimension()).isEqualTo(expected);
        assertThat(values).hasSize(SAMPLES * expected);
        double[] own = features(network, weights, one);
        for (int sample = 0; sample < SAMPLES; sample++) {
          int d = network.featureDimension();
          requireSame(
              Arrays.copyOfRange(values, sample * expected, sample * expected + d),
              Arrays.copyOfRange(own, sample * d, (sample + 1) * d));
        }
      }
    }
  }

  /** Of most networks the own features are the last layer's, pooled by their mean. */
  @ParameterizedTest
  @ValueSource(strings = {"squeezenet1_1", "resnet50", "small-cnn"})
  void theLastLayersMeanIsTheNetworksOwnFeatures(String name) {
    Case one = new Case(name, IMAGE);
    try (Backbone network = one.backbone()) {
      Map<String, HostArray> weights = network.initialWeights(3);
      List<LayerOutput> outputs = network.outputs();
      String last = outputs.get(outputs.size() - 1).layer();
      Backbone pooled =
          Backbones.withFeatures(network, FeatureSpec.bare(List.of(last), Pooling.AUTO));
      assertThat(features(pooled, weights, one)).containsExactly(features(network, weights, one));
    }
  }

  static List<Case> small() {
    return networks().stream().filter(one -> one.backbone().featureDimension() <= MOST).toList();
  }

  @ParameterizedTest
  @MethodSource("small")
  void transformedFeaturesAreThoseWrittenOutAndOfTheServedModel(Case one) {
    try (Backbone network = one.backbone()) {
      for (boolean whitened : new boolean[] {false, true}) {
        FeatureSpec bare = FeatureSpec.bare(network.featureLayers(), Pooling.AUTO);
        FeatureSpec spec = bare.with(bare.layers(), FeatureSpec.ROOT_UNIT, whitened);
        Backbone transformed = Backbones.withFeatures(network, spec);
        int d = transformed.featureDimension();
        Map<String, HostArray> weights = transformed.initialWeights(3);
        float[] shift = new float[d];
        for (int i = 0; i < d; i++) {
          shift[i] = (float) Math.cos(i) / 10;
        }
        weights.put(FeatureTensors.SHIFT, HostArray.of(shift, d));
        if (whitened) {
          float[] matrix = new float[d * d];
          for (int i = 0; i < d; i++) {
            matrix[i * d + i] = 1 + i % 3;
          }
          weights.put(FeatureTensors.WHITENING + ".weight", HostArray.of(matrix, d, d));
        }
        double[] actual = features(transformed, weights, one);
        double[] pooled = features(Backbones.withFeatures(network, bare), weights, one);
        for (int sample = 0; sample < SAMPLES; sample++) {
          double[] expected = new double[d];
          double squares = 0;
          for (int i = 0; i < d; i++) {
            double h = pooled[sample * d + i];
            double x = (Math.signum(h) * Math.sqrt(Math.abs(h)) + shift[i]);
            expected[i] = whitened ? x * (1 + i % 3) : x;
            squares += expected[i] * expected[i];
          }
          for (int i = 0; i < d; i++) {
            assertThat(actual[sample * d + i])
                .isCloseTo(expected[i] / Math.sqrt(squares), within(1e-4));
          }
        }
        assertThat(transformed.normalizesBatches()).isEqualTo(network.normalizesBatches());
        requireSame(served(transformed, weights, one), actual);
      }
    }
  }

  /** The class token and the mean of the places; what lies between them counts for neither. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4})
  void registersAreNeitherTheWholeNorPlaces(int registers) {
    int d = 3;
    int places = 5;
    float[] sequence = new float[(1 + registers + places) * d];
    double[] expected = new double[2 * d];
    for (int token = 0; token < sequence.length / d; token++) {
      for (int i = 0; i < d; i++) {
        boolean register = token > 0 && token <= registers;
        float value = register ? 1000 : (float) Math.sin(token * d + i);
        sequence[token * d + i] = value;
        if (token == 0) {
          expected[i] = value;
        } else if (!register) {
          expected[d + i] += value / places;
        }
      }
    }
    LayerOutput output = new LayerOutput("block", LayerOutput.Form.SEQUENCE, d, 1, registers);
    assertThat(output.length(Pooling.AUTO)).isEqualTo(2 * d);
    try (TensorScope scope = new TensorScope()) {
      TensorLayers layers = new TensorLayers(name -> null, BatchNormalization.runningStatistics());
      requireSame(
          Tensors.doubles(
              output.pooled(layers, Tensors.of(sequence, 1, sequence.length / d, d), Pooling.AUTO)),
          expected);
    }
  }

  private static double[] served(Backbone network, Map<String, HostArray> weights, Case one) {
    ScriptLayers layers = new ScriptLayers();
    String forward = layers.forward(network.features(layers, ScriptLayers.IMAGES));
    Map<String, HostArray> parameters = new LinkedHashMap<>();
    Map<String, HostArray> buffers = new LinkedHashMap<>();
    network.parameterShapes().keySet().forEach(name -> parameters.put(name, weights.get(name)));
    network.bufferShapes().keySet().forEach(name -> buffers.put(name, weights.get(name)));
    try (TensorScope scope = new TensorScope();
        ModeGuard guard = Autograd.noGrad();
        ScriptModule module = ScriptModule.define(parameters, buffers, layers.modules(), forward)) {
      module.bind(name -> weights.get(name).tensor());
      module.train(false);
      return Tensors.doubles(module.forward(views(one)));
    }
  }

  private static void requireSame(double[] actual, double[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    double difference = 0;
    for (int i = 0; i < actual.length; i++) {
      difference = Math.max(difference, Math.abs(actual[i] - expected[i]));
    }
    assertThat(difference).isLessThan(1e-5);
  }

  /**
   * A channel that no sample excites has a root of no slope; gradients stay finite all the same.
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void gradientsThroughTheTransformAreFinite(boolean whitened) {
    Case one = new Case("small-cnn", IMAGE);
    FeatureSpec spec =
        FeatureSpec.bare(List.of("block2", "block3"), Pooling.AUTO)
            .with(List.of("block2", "block3"), FeatureSpec.ROOT_UNIT, whitened);
    try (Backbone network = Backbones.withFeatures(one.backbone(), spec);
        FlatParameters trained =
            FlatParameters.allocate(
                network.parameterShapes(), Set.of(), Dtype.FLOAT32, ComputeDevice.cpu());
        FlatParameters buffers =
            FlatParameters.allocate(
                network.bufferShapes(),
                network.bufferShapes().keySet(),
                Dtype.FLOAT32,
                ComputeDevice.cpu());
        TensorScope scope = new TensorScope()) {
      Map<String, HostArray> weights = network.initialWeights(5);
      weights.put(
          "block3.bn.weight", InitialValues.constant(shape(network, "block3.bn.weight"), 0));
      trained.load(weights);
      buffers.load(weights);
      Tensor x =
          network.features(
              name ->
                  buffers.names().contains(name)
                      ? buffers.parameter(name)
                      : trained.parameter(name),
              views(one),
              BatchNormalization.batchStatistics());
      Autograd.backward(Ops.sum(Ops.narrow(x, 1, 0, 5)));
      assertThat(Finite.all(Tensors.floats(trained.gradients()))).isTrue();
      assertThat(Ops.norm(trained.gradients())).isPositive();
    }
  }

  private static long[] shape(Backbone network, String name) {
    return network.parameterShapes().get(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"layer9", "conv1", ""})
  void aLayerThatIsNotOfferedIsNamedWithThoseThatAre(String wanted) {
    try (Backbone network = Backbones.of("resnet18", "", IMAGE)) {
      assertThatThrownBy(() -> Backbones.output(network, wanted))
          .isInstanceOf(LsgException.class)
          .hasMessage(
              "features.layers names '"
                  + wanted
                  + "', but the outputs that the backbone offers are features, layer1, layer2,"
                  + " layer3, layer4");
    }
  }
}
