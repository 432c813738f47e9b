package org.grlu.config;

import java.util.List;

/**
 * Where successive halving stops trials, and how many settings go on.
 *
 * @param rungs the epochs after which trials wait, ascending; the last is the end of training
 * @param factor one in so many settings goes on at each rung but the last
 * @param earlySeeds the number of seeds that run before the last rung
 */
public record HalvingSettings(List<Integer> rungs, int factor, int earlySeeds) {
  public HalvingSettings {
    rungs = List.copyOf(rungs);
  }
}
