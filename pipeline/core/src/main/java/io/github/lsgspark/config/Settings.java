package io.github.lsgspark.config;

import java.io.Serializable;

/**
 * Everything a run is configured with: one immutable record per top-level section of the HOCON
 * file. Every key is documented in {@code reference.conf}; a record component {@code globalBatch}
 * is the key {@code global-batch}.
 */
public record Settings(
    long seed,
    DataSettings data,
    PrepareSettings prepare,
    AudioSettings audio,
    VideoSettings video,
    LabelSettings labels,
    PromptSettings prompts,
    EmbeddingSettings embedding,
    GraphSettings graph,
    GcnSettings gcn,
    FeaturesSettings features,
    HeadSettings head,
    VoteSettings vote,
    AuditSettings audit,
    SelectSettings select,
    TrainSettings train,
    LsgSettings lsg,
    SslSettings ssl,
    EvaluateSettings evaluate,
    PredictSettings predict,
    ReportSettings report,
    TrackingSettings tracking,
    ClusterSettings cluster)
    implements Serializable {}
