import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { forecastWords } from '../../../src/dashboard/runs/forecastWords.ts';
import { outliersHelp } from '../../../src/dashboard/runs/outlierList.ts';
import { permissionsOf, type Role } from '../../../src/policy/roles.ts';

function helpFor(...roles: Role[]) {
  return outliersHelp((permission) => permissionsOf(roles).includes(permission));
}

describe('the outliers of a forecast', () => {
  it('say what each role can open, and what an approver lacks', () => {
    assert.equal(helpFor('approver'), forecastWords.outliersClosed);
    assert.equal(helpFor('operator'), forecastWords.outliersUnseen);
    assert.equal(helpFor('approver', 'agent'), forecastWords.outliersHelp);
  });
});
