package org.grlu.training;

import java.util.Map;
import org.grlu.datasets.Dataset;
import org.grlu.network.Weights;
import org.grlu.rule.StepSettings;

/**
 * The values at the end of an epoch from which each {@link EpochMetric} is computed.
 *
 * @param epoch the number of the epoch, from 1
 * @param first the settings of the epoch's first step
 * @param meanReward the mean reward over all passes of the epoch that the rule rewards
 * @param train the results on the first 1,000 training examples
 * @param validation the results on the validation set
 * @param test the results on the whole test set
 * @param shown the results on the first 1,000 test examples
 * @param examples the number of examples that the epoch presented
 * @param forwardPasses the number of passes that the rule's definition makes for these examples
 * @param cpuSeconds the epoch's CPU time in seconds, with evaluation and without diagnostics
 * @param wallSeconds the epoch's elapsed time in seconds, with evaluation and without diagnostics
 * @param steps the cost of the epoch's steps on a cluster
 * @param diagnosis the diagnosis of the rule's estimates; all NaN unless it was asked for
 * @param own the value of each {@link Metric} from a jar, by column name
 * @param weights the weights at the end of the epoch, folded. Not to be modified
 * @param dataset the dataset, as the trial presents it. Not to be modified
 * @param retention retention on the test set; {@link Retention#NONE} unless a task is over
 * @param validationRetention retention on the validation set; {@link Retention#NONE} unless a task
 *     is over
 * @param classCosine the overlap of classes, see {@link ClassOverlap}; NaN where the stream has no
 *     tasks
 * @param prequential the share of the epoch's new examples that were answered correctly before they
 *     were learnt; NaN unless it was asked for
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
