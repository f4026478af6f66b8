package io.github.lsgspark.tower;

import io.github.lsgspark.config.ConfigText;
import io.github.lsgspark.config.DataSettings.Modality;
import io.github.lsgspark.config.NamedImageSize;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The size of images that a directory of transformers or timm names: what its processor shows the
 * network, or where it has none, what config.json says the network was made for.
 */
public final class TowerImageSize implements NamedImageSize {

  @Override
  public String name() {
    return TowerBackbones.AUTO;
  }

  @Override
  public OptionalInt of(String weights, ConfigText texts) throws IOException {
    Optional<TowerConfig> config = read(weights, TowerDirectory.CONFIG, texts);
    if (config.isEmpty()) {
      return OptionalInt.empty();
    }
    TowerFamily family = Towers.family(config.get());
    if (family.modality() == Modality.AUDIO) {
      return OptionalInt.empty();
    }
    Optional<TowerConfig> processor = Optional.empty();
    for (String name : Preparation.FILES) {
      if (processor.isEmpty()) {
        processor = read(weights, name, texts);
      }
    }
    OptionalInt shown =
        processor.map(Preprocessing::side).orElseGet(() -> Preprocessing.timmSide(config.get()));
    return shown.isPresent() ? shown : OptionalInt.of(family.imageSize(config.get()));
  }

  private static Optional<TowerConfig> read(String folder, String name, ConfigText texts)
      throws IOException {
    String path = folder.replaceFirst("/+$", "") + "/" + name;
    return texts
        .read(path)
        .map(text -> TowerConfig.parse(text.getBytes(StandardCharsets.UTF_8), path));
  }
}
