package io.github.lsgspark.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A setting, or a section of settings, that changes how a run is made and not what comes out: no
 * stage's output is made anew for it. Every other setting is declared by the stages that read it.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface RuntimeOnly {

  /** Why no result depends on it. */
  String value();
}
