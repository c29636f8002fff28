// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.options;

import dev.w2s.cli.options.LargeModelOptions.Opened;
import dev.w2s.model.CausalModel;
import dev.w2s.model.EngineSummary;
import dev.w2s.model.ModelFiles;
import dev.w2s.model.Placement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A frozen model whose files are read and whose weights are being loaded, beside which the files of
 * its guides can be read. Owns the model.
 */
public final class OpeningModel implements AutoCloseable {
  private final CompletableFuture<Opened> model;

  private OpeningModel(CompletableFuture<Opened> model) {
    this.model = model;
  }

  /** One that is there already. */
  static OpeningModel of(Opened model) {
    return new OpeningModel(CompletableFuture.completedFuture(model));
  }

  /**
   * Reads a model's files while the engine starts, and loads its weights on a thread of its own.
   *
   * @throws dev.w2s.model.files.InvalidModelException if a file is missing or damaged
   */
  static OpeningModel load(String reference, Placement placement) {
    CompletableFuture<EngineSummary> engine =
        CompletableFuture.supplyAsync(() -> EngineSummary.read(placement), OpeningModel::start);
    try {
      ModelFiles files = ModelFiles.read(reference);
      // An engine that does not start is an error of loading, too.
      return new OpeningModel(
          engine.handleAsync(
              (summary, failure) -> load(reference, files, placement), OpeningModel::start));
    } catch (RuntimeException | Error e) {
      end(engine); // a process that ends while it loads a native library may crash
      throw e;
    }
  }

  private static Opened load(String reference, ModelFiles files, Placement placement) {
    try (files) {
      return new Opened(reference, CausalModel.load(files, placement), null, null);
    }
  }

  private static void end(CompletableFuture<?> future) {
    future.handle((value, failure) -> failure == null).join();
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "w2s-load");
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * The model, which stays this one's.
   *
   * @throws RuntimeException as {@link CausalModel#load(ModelFiles, Placement)} does
   */
  public Opened await() {
    try {
      return model.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw e;
    }
  }

  /** Waits for the model, which may still be on its way. */
  @Override
  public void close() {
    end(model.thenAccept(Opened::close));
  }
}
