local total, sum = 0, 0.0
for i = 0, 14999 do
  local x = (i + 0.5) / 64.0
  local line = i .. ": " .. x .. " and " .. -x
  total = total + #line
  sum = sum + tonumber(tostring(x))
  total = total + tonumber(tostring(i))
end
return total + sum
