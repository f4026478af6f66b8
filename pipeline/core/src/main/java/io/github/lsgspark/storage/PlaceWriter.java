package io.github.lsgspark.storage;

/**
 * Writes an output where it will lie: for object stores, which cannot rename a folder. What lies
 * there without a manifest is no output; the claim keeps other runs away.
 */
final class PlaceWriter implements StageWriter {
  private final HadoopFiles files;
  private final StageOutput target;
  private final StageClaim claim;
  private boolean published;

  PlaceWriter(HadoopFiles files, StageOutput target, StageClaim claim) {
    this.files = files;
    this.target = target;
    this.claim = claim;
    // What an interrupted run has left.
    files.delete(target.path());
  }

  @Override
  public String path() {
    return target.path();
  }

  @Override
  public StageOutput target() {
    return target;
  }

  @Override
  public StageOutput publish(Manifest manifest) {
    claim.requireHeld();
    Manifest whole = manifest.with(FolderContent.of(files, target.path()));
    // Files are read to list them, which takes a while.
    claim.requireHeld();
    Json.write(files, target.file(StageStore.MANIFEST), whole);
    published = true;
    return target;
  }

  @Override
  public void close() {
    if (!published && claim.isHeld()) {
      files.delete(target.path());
    }
  }
}
