/* SPDX-License-Identifier: BSD-3-Clause */
/* A set-up error as a sentence. */
#ifndef RMMSIM_ERROR_H
#define RMMSIM_ERROR_H

#ifdef __cplusplus
extern "C" {
#endif

/*
 * What is wrong, where and what to do, ready to print. Functions that take a
 * `struct rmm_error *` accept NULL, and write it only when they fail.
 */
struct rmm_error {
	char text[256];
};

#ifdef __cplusplus
}
#endif

#endif
