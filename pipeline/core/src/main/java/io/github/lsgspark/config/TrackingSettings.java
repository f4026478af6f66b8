package io.github.lsgspark.config;

import java.io.Serializable;

/**
 * Where people look for runs besides the work directory.
 *
 * @param mlflow address of an MLflow tracking server; empty: none
 * @param experiment of MLflow's, made if it is not there
 */
public record TrackingSettings(
    @RuntimeOnly("who is told of a run that is done") String mlflow,
    @RuntimeOnly("where it is told") String experiment)
    implements Serializable {}
