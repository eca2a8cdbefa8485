package io.backgroundjobs.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.springframework.beans.factory.ListableBeanFactory;

import io.backgroundjobs.JobConfigurationException;
import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.PoolSnapshot;
import io.backgroundjobs.annotation.JobCatalog;
import io.backgroundjobs.engine.JobEngine;

/**
 * Makes sure that each property under {@code background-jobs.jobs} belongs to a job.
 */
final class JobNameCheck {

	private final ConfiguredJobs configured;

	private final ListableBeanFactory beans;

	JobNameCheck(ConfiguredJobs configured, ListableBeanFactory beans) {
		this.configured = configured;
		this.beans = beans;
	}

	/**
	 * Check all names. Called when all singletons exist.
	 * @param engines where the periodic jobs are
	 * @throws JobConfigurationException if a property belongs to none
	 */
	void check(List<JobEngine> engines) {
		List<String> periodic = engines.stream()
			.flatMap((engine) -> engine.periodicJobs().stream())
			.map(PeriodicJobHandle::name)
			.toList();
		List<String> spawned = new ArrayList<>();
		this.beans.getBeanProvider(JobCatalog.class).stream().map(JobCatalog::names).forEach(spawned::addAll);
		spawned.removeAll(periodic);
		this.configured.requireKnown(periodic, spawned);
		new PropertyOverrides(this.configured).check(engines.stream()
			.flatMap((engine) -> engine.pools().stream())
			.map(PoolSnapshot::name)
			.collect(Collectors.toCollection(TreeSet::new)));
	}

}
