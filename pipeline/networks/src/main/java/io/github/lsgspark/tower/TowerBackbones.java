package io.github.lsgspark.tower;

import io.github.lsgspark.backbone.Backbone;
import io.github.lsgspark.backbone.BackboneFamily;
import io.github.lsgspark.backbone.BackboneKind;
import io.github.lsgspark.config.DataSettings.Modality;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.PixelSpec;
import io.github.lsgspark.config.SoundSpec;
import io.github.lsgspark.config.TrainSettings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The network that a directory of {@code train.weights} describes. */
public final class TowerBackbones implements BackboneFamily {
  /** As a configuration writes it. */
  public static final String AUTO = "auto";

  /** In the metadata of weights that were read from a directory. */
  static final String KEY = "lsg.tower";

  private static final String TRAINED_KEY = "lsg.variant";
  private static final String WANTED =
      "backbone = auto needs weights: a directory with config.json and model.safetensors, as"
          + " transformers and timm publish networks";

  @Override
  public List<? extends BackboneKind> kinds() {
    return List.of(new Auto());
  }

  private record Auto() implements BackboneKind {
    @Override
    public String label() {
      return AUTO;
    }

    @Override
    public String help() {
      return "what config.json in the directory of train.weights says (docs/backbones.md)";
    }

    @Override
    public void check(TrainSettings train) {
      if (train.weights().isEmpty()) {
        throw new IllegalArgumentException("train: " + WANTED);
      }
    }

    @Override
    public boolean isOfItsWeights() {
      return true;
    }

    @Override
    public String variant(Set<String> tensors, Map<String, String> metadata) {
      return metadata.getOrDefault(KEY, metadata.getOrDefault(TRAINED_KEY, ""));
    }

    @Override
    public Modality modality(String variant) {
      return variant.isEmpty() ? Modality.IMAGE : family(variant).modality();
    }

    @Override
    public boolean averagesDirections(String variant) {
      return !variant.isEmpty()
          && family(variant).comparesAngles(TowerVariant.parse(variant).config());
    }

    private static TowerFamily family(String variant) {
      return Towers.family(TowerVariant.parse(variant).config());
    }

    @Override
    public Optional<PixelSpec> pixels(String variant) {
      return variant.isEmpty() ? Optional.empty() : TowerVariant.parse(variant).pixels();
    }

    @Override
    public Optional<SoundSpec> sound(String variant) {
      return variant.isEmpty() ? Optional.empty() : TowerVariant.parse(variant).sound();
    }

    @Override
    public String withoutPixels(String variant) {
      if (variant.isEmpty()) {
        return variant;
      }
      TowerVariant own = TowerVariant.parse(variant);
      return new TowerVariant(own.config(), Optional.empty(), own.sound()).text();
    }

    @Override
    public Backbone create(String variant, long[] input) {
      if (variant.isEmpty()) {
        throw LsgException.usage(WANTED);
      }
      TowerVariant own = TowerVariant.parse(variant);
      // What a network of sounds sees, its own file says.
      long[] views =
          own.sound().filter(spec -> spec.samples() > 0).map(SoundSpec::shape).orElse(input);
      return Towers.of(own.config(), views);
    }
  }
}
