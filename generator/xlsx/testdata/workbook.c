// Writes the workbook described by a text file with libxlsxwriter, a number of times, and
// prints the least processor time of one writing in milliseconds. The description is read
// and taken apart before the clock starts. Lines, fields separated by tabs:
//
//   S name                                a sheet
//   F format                              a format of cells, numbered from 0
//   W column width
//   N row column format number
//   T row column format text
//   X row column format number formula
//   B row column row column head…         a defined table
//   C row column title                    a line chart
//   L name categories values              a series of the last chart
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <xlsxwriter.h>

typedef struct {
    char kind;
    int row, col, format, nf;
    double number;
    char *f[64];
} item;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static double once(item *items, int n, const char *out) {
    double from = now();
    lxw_workbook *book = workbook_new(out);
    lxw_worksheet *sheet = NULL;
    lxw_chart *chart = NULL;
    lxw_format *formats[256];
    int nformats = 0;
    for (int i = 0; i < n; i++) {
        item *x = &items[i];
        switch (x->kind) {
        case 'S': sheet = workbook_add_worksheet(book, x->f[0]); break;
        case 'F':
            formats[nformats] = workbook_add_format(book);
            if (x->f[0][0]) format_set_num_format(formats[nformats], x->f[0]);
            nformats++;
            break;
        case 'W': worksheet_set_column(sheet, x->col, x->col, x->number, NULL); break;
        case 'N': worksheet_write_number(sheet, x->row, x->col, x->number, formats[x->format]); break;
        case 'T': worksheet_write_string(sheet, x->row, x->col, x->f[0], formats[x->format]); break;
        case 'X': worksheet_write_formula_num(sheet, x->row, x->col, x->f[0], formats[x->format], x->number); break;
        case 'B': {
            lxw_table_column columns[64] = {0};
            lxw_table_column *pointers[65] = {0};
            for (int k = 0; k < x->nf; k++) {
                columns[k].header = x->f[k];
                pointers[k] = &columns[k];
            }
            lxw_table_options options = {.columns = pointers, .style_type = LXW_TABLE_STYLE_TYPE_DEFAULT};
            worksheet_add_table(sheet, x->row, x->col, x->format, (lxw_col_t)x->number, &options);
            break;
        }
        case 'C':
            chart = workbook_add_chart(book, LXW_CHART_LINE);
            chart_title_set_name(chart, x->f[0]);
            worksheet_insert_chart(sheet, x->row, x->col, chart);
            break;
        case 'L': {
            lxw_chart_series *series = chart_add_series(chart, x->f[1], x->f[2]);
            chart_series_set_name(series, x->f[0]);
            break;
        }
        }
    }
    if (workbook_close(book) != LXW_NO_ERROR) exit(1);
    return now() - from;
}

int main(int argc, char **argv) {
    if (argc != 4) return 2;
    FILE *in = fopen(argv[1], "rb");
    if (!in) return 1;
    fseek(in, 0, SEEK_END);
    long size = ftell(in);
    rewind(in);
    char *data = malloc(size + 1);
    if (fread(data, 1, size, in) != (size_t)size) return 1;
    data[size] = 0;
    fclose(in);
    int n = 0, room = 1 << 16;
    item *items = calloc(room, sizeof *items);
    for (char *line = strtok(data, "\n"); line; line = strtok(NULL, "\n")) {
        if (n == room) {
            items = realloc(items, 2 * room * sizeof *items);
            memset(items + room, 0, room * sizeof *items);
            room *= 2;
        }
        char *f[64];
        int nf = 0;
        for (char *p = line; p && nf < 64;) {
            f[nf++] = p;
            if ((p = strchr(p, '\t'))) *p++ = 0;
        }
        item *x = &items[n++];
        x->kind = f[0][0];
        int at = 1;
        if (strchr("NTXBC", x->kind)) { x->row = atoi(f[at++]); x->col = atoi(f[at++]); }
        if (strchr("NTXB", x->kind)) x->format = atoi(f[at++]);
        if (x->kind == 'W') x->col = atoi(f[at++]);
        if (strchr("NXBW", x->kind)) x->number = atof(f[at++]);
        for (; at < nf; at++) x->f[x->nf++] = f[at];
        if (x->kind == 'F' && !x->nf) x->f[x->nf++] = "";
    }
    double least = 1e9;
    for (int i = 0; i < atoi(argv[3]); i++) {
        double t = once(items, n, argv[2]);
        if (t < least) least = t;
    }
    printf("%.3f\n", least);
    return 0;
}
