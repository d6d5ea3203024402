"""From the pixels of one level to the files of all: plan, kernels, tasks."""
