package io.github.lsgspark.backbone;

import io.github.lsgspark.config.SettingNames;
import io.github.lsgspark.config.Settings;
import java.util.List;

/** The networks by name, for the reader of configurations. */
public final class BackboneNames implements SettingNames {

  @Override
  public String path() {
    return Backbones.SETTING;
  }

  @Override
  public List<String> names() {
    return Backbones.names();
  }

  @Override
  public void check(Settings settings) {
    BackboneKind kind = Backbones.kind(settings.train().backbone());
    Backbones.requireSight(kind, settings.data().modality());
    kind.check(settings.train());
  }
}
