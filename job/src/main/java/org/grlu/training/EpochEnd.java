package org.grlu.training;

import java.util.Map;
import org.grlu.datasets.Dataset;
import org.grlu.network.Weights;
import org.grlu.rule.StepSettings;

/**
 * What is at hand when an epoch is over: what {@link EpochMetric}s are made of.
 *
 * @param epoch from 1
 * @param first of its steps
 * @param meanReward over its perturbed passes
 * @param train on the first 1,000 training examples
 * @param validation on the validation set
 * @param test on the whole test set
 * @param shown on the first 1,000 test examples
 * @param examples trained on in this epoch
 * @param forwardPasses that the rule's definition makes for them
 * @param cpuSeconds of this epoch, evaluation included
 * @param wallSeconds of this epoch, evaluation included
 * @param steps what its steps cost on a cluster
 * @param diagnosis of its estimates, where it was asked for
 * @param own of each metric of a jar, by its column
 * @param weights folded
 * @param retention of tasks on the test set, where the stream has such
 * @param validationRetention the same on the validation set
 * @param classCosine see {@link ClassOverlap}; NaN where the stream has no tasks
 * @param prequential the share of its new examples whose class was right before they were learnt;
 *     NaN where it was not asked for
 */
public record EpochEnd(
    int epoch,
    StepSettings first,
    double meanReward,
    Evaluation.Result train,
    Evaluation.Result validation,
    Evaluation.Result test,
    Evaluation.Result shown,
    long examples,
    long forwardPasses,
    double cpuSeconds,
    double wallSeconds,
    StepTimes steps,
    Diagnosis diagnosis,
    Map<String, Double> own,
    Weights weights,
    Dataset dataset,
    Retention retention,
    Retention validationRetention,
    double classCosine,
    double prequential) {}
