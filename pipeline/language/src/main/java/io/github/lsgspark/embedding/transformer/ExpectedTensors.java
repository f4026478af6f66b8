package io.github.lsgspark.embedding.transformer;

import io.github.lsgspark.config.EmbeddingSettings.Pooling;
import io.github.lsgspark.torch.ComputeDevice;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/** The tensors that an architecture asks for, found by building it of nothing. */
final class ExpectedTensors implements LayerSource {
  private final Map<String, long[]> shapes = new LinkedHashMap<>();

  private ExpectedTensors() {}

  /** Shapes by public name; {@link LayerSource#ANY} stands for any length. */
  static Map<String, long[]> of(TransformerConfig config, Pooling pooling) {
    ExpectedTensors expected = new ExpectedTensors();
    var unused = Architectures.model(config, expected, ComputeDevice.cpu());
    var unusedMatrix = Architectures.projection(config, pooling, expected);
    return Collections.unmodifiableMap(expected.shapes);
  }

  @Override
  public Tensor table(String name, long rows, long width) {
    return expect(name, rows, width);
  }

  @Override
  public Tensor tablePlusFirstRow(String name, long rows, String other, long width) {
    expect(other, ANY, width);
    return expect(name, rows, width);
  }

  @Override
  public Dense dense(String name, long out, long in) {
    return new Dense(expect(name + ".weight", out, in), expect(name + ".bias", out));
  }

  @Override
  public List<Dense> conv1d(String name, long in, long out, int parts) {
    Tensor weight = expect(name + ".weight", in, parts * out);
    return Collections.nCopies(parts, new Dense(weight, expect(name + ".bias", parts * out)));
  }

  @Override
  public Norm norm(String name, long width, double epsilon) {
    return new Norm(expect(name + ".weight", width), expect(name + ".bias", width), epsilon);
  }

  @Override
  public Dense projection(String name, long width, boolean biased) {
    return new Dense(
        expect(name + ".weight", ANY, width), biased ? expect(name + ".bias", ANY) : null);
  }

  private Tensor expect(String name, long... shape) {
    shapes.put(name, shape);
    return null;
  }
}
