// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.options;

import dev.w2s.cli.options.LargeModelOptions.Opened;
import dev.w2s.model.CausalModel;
import dev.w2s.model.ModelFiles;
import dev.w2s.model.Placement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A frozen model whose files are read and whose weights are being loaded, beside which the files of
 * its guides can be read: of a start to the first text that is a tenth. Owns the model.
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
   * Reads a model's files, and loads its weights on a thread of its own.
   *
   * @throws dev.w2s.model.files.InvalidModelException if a file is missing or damaged
   */
  static OpeningModel load(String reference, Placement placement) {
    ModelFiles files = ModelFiles.read(reference);
    return new OpeningModel(
        CompletableFuture.supplyAsync(
            () -> {
              try (files) {
                return new Opened(reference, CausalModel.load(files, placement), null, null);
              }
            },
            OpeningModel::start));
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
    model
        .handle(
            (opened, failure) -> {
              if (opened != null) {
                opened.close();
              }
              return failure == null;
            })
        .join();
  }
}
