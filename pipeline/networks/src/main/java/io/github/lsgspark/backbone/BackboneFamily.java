package io.github.lsgspark.backbone;

import java.util.List;

/**
 * Networks that are made alike. A public class of this kind with a line in {@code
 * META-INF/services/io.github.lsgspark.backbone.BackboneFamily} is all that a new network takes.
 */
public interface BackboneFamily {

  /** Its networks. */
  List<? extends BackboneKind> kinds();
}
